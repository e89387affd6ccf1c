"""The short messages that applicants get, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

ZH, EN = "zh-CN", "en"

_CODE: Mapping[str, str] = {
    ZH: "【{provider}】验证码 {code}，10 分钟内有效。请勿告诉他人。",
    EN: "[{provider}] Your code is {code}, valid for 10 minutes. Tell it to nobody.",
}
_APPROVED: Mapping[str, str] = {
    ZH: "【{provider}】您的核验（参考号 {reference}）已通过，请回到电脑继续备案。",
    EN: "[{provider}] Your verification ({reference}) has passed. Please go on at the computer.",
}
_DECLINED: Mapping[str, str] = {
    ZH: "【{provider}】您的核验（参考号 {reference}）未通过：{message}",
    EN: "[{provider}] Your verification ({reference}) was declined: {message}",
}
_REDO: Mapping[str, str] = {
    ZH: "【{provider}】您的核验（参考号 {reference}）有步骤需要重做：{message}"
    "请在电脑上打开核验页，点“显示新的二维码”，用手机扫码继续。",
    EN: "[{provider}] A step of your verification ({reference}) is to be done again: {message} "
    "At the computer, open the verification page, choose “Show a new code” and scan it.",
}
_BY_KIND: Mapping[str, Mapping[str, str]] = {"approve": _APPROVED, "decline": _DECLINED, "redo": _REDO}


def code_message(provider: str, code: str, locale: str) -> str:
    """The message with the code that proves a mobile number."""
    return _CODE.get(locale, _CODE[ZH]).format(provider=provider, code=code)


def decision_message(kind: str, provider: str, reference: str, message: str, locale: str) -> str:
    """What an operator decided (`approve`, `decline`, `redo`). `message` is the operator's own sentence."""
    texts = _BY_KIND[kind]
    told = _sentence(message, locale)
    return texts.get(locale, texts[ZH]).format(provider=provider, reference=reference, message=told)


def _sentence(text: str, locale: str) -> str:
    """With a stop at its end: more may follow.

    >>> _sentence("请重拍", "zh-CN")
    '请重拍。'
    """
    text = text.strip()
    return text if not text or text[-1] in "。！？.!?" else text + ("." if locale == EN else "。")
