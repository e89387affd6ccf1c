"""Draws made-up certificates of units other than companies; see `papers` for how."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace

from PIL import Image
from stdnum.cn import uscc

from tests.specimens.papers import GOLD, INK, RED, SANS, SANS_BOLD, SERIF, SERIF_BOLD, TRADE_NAMES, Sheet, some_person

_CITIES = (("南京", "3201"), ("成都", "5101"), ("广州", "4401"), ("杭州", "3301"), ("哈尔滨", "2301"))
_CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Body:
    """A made-up institution, association, school, law firm or company. `body` is its credit code less the last."""

    name: str
    legal_person: str
    address: str
    sponsor: str
    city: str
    body: str
    since: dt.date = dt.date(2022, 3, 18)
    until: dt.date | None = dt.date(2027, 3, 17)

    @property
    def number(self) -> str:
        return self.body + str(uscc.calc_check_digit(self.body + "0"))

    @property
    def organisation_code(self) -> str:
        """The code of nine characters (GB 11714) that the credit code's ninth to seventeenth character are."""
        code = self.body[8:16]
        rest = -sum(weight * int(one, 36) for weight, one in zip(_CODE_WEIGHTS, code, strict=True)) % 11
        return f"{code}-{'0123456789X'[rest]}"


def some_body(seed: int, department: str, what: str) -> Body:
    """One of many; `department` are the credit code's first two characters, `what` ends its name."""
    dice = random.Random(seed)
    city, code = dice.choice(_CITIES)
    letters = "".join(dice.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(6))
    since = dt.date(2021, 12, 1) + dt.timedelta(days=dice.randrange(1500))
    body = Body(
        name=f"{city}市{dice.choice(TRADE_NAMES)}示例{what}",
        legal_person=some_person(seed).name,
        address=f"{city}市示例区望江大道{dice.randrange(1, 400)}号{dice.randrange(1, 20)}幢",
        sponsor=f"{city}市示例区{dice.choice(['教育局', '科学技术局', '民政局', '卫生健康局'])}",
        city=city,
        body=f"{department}{code}99MJ{letters}0",
        since=since,
        until=since.replace(year=since.year + 5) - dt.timedelta(days=1) if since.month != 2 else None,
    )
    code9 = body.organisation_code
    return replace(body, body=body.body[:16] + code9[-1])


def _term(body: Body) -> str:
    return f"自{body.since:%Y年%m月%d日}至{body.until:%Y年%m月%d日}" if body.until else "长期"


def _rows(
    page: Sheet,
    rows: list[tuple[str, str]],
    x: float,
    y: float,
    beside: float,
    size: float,
    wrap: float,
    above: float = 0.0,
) -> float:
    """Labels, and beside them their values, which stand `above` their labels by so many millimetres."""
    for label, value in rows:
        page.text(x, y, label, size, SANS_BOLD)
        y = max(page.text(x + beside, y - above, value, size, SERIF, wrap=wrap) + above, y + size * 1.5) + size * 0.9
    return y


def institution(body: Body, lying: bool = True, copy: bool = True) -> Image.Image:
    """事业单位法人证书: lying with labels in one column, or standing."""
    page = Sheet(297, 210, 7.5, (250, 250, 244)) if lying else Sheet(210, 297, 7.5, (250, 249, 240))
    width = page.image.width / page.dots
    page.frame(9, RED, 1.6)
    page.star(width / 2, 26, 8)
    page.text(width / 2, 38, "事业单位法人证书", 14, SERIF_BOLD, spread=2.5, centre=True)
    page.text(width / 2, 58, "（副　本）" if copy else "", 5.4, SERIF, centre=True)
    page.text(28, 72, f"统一社会信用代码  {body.number}", 5.2, SANS)
    rows = [
        ("名　　称", body.name),
        ("宗旨和业务范围", "开展示例科学研究，促进示例科技发展，承担示例技术推广与咨询服务。"),
        ("住　　所", body.address),
        ("法定代表人", body.legal_person),
        ("经费来源", "财政补助收入"),
        ("开办资金", "￥260万元"),
        ("举办单位", body.sponsor),
    ]
    y = _rows(page, rows, 28, 84, 46, 4.8, 150 if lying else 105)
    page.text(28, y + 2, f"有效期　{_term(body)}", 4.8, SERIF)
    foot = page.image.height / page.dots - 50
    page.text(width - 100, foot, "登记管理机关", 5, SANS_BOLD)
    page.seal(width - 56, foot + 10, f"{body.city}市事业单位登记管理局")
    return page.image


def social_organisation(body: Body, lying: bool = True) -> Image.Image:
    """社会团体法人登记证书."""
    return _civil(body, lying, "社会团体法人登记证书", "法定代表人", "注册资金")


def private_non_enterprise(body: Body, lying: bool = True, title: str = "民办非企业单位登记证书") -> Image.Image:
    """民办非企业单位登记证书; the title may end with （法人） or （合伙）."""
    lead = "单位负责人" if "合伙" in title or "个体" in title else "法定代表人"
    return _civil(body, lying, title, lead, "开办资金")


def _civil(body: Body, lying: bool, title: str, lead: str, funds: str) -> Image.Image:
    page = Sheet(297, 210, 7.5, (251, 248, 238)) if lying else Sheet(210, 297, 7.5, (251, 248, 240))
    width = page.image.width / page.dots
    page.frame(8, GOLD, 2.2)
    page.star(width / 2, 24, 9)
    size = min(14, (width - 60) / (len(title) + 2))
    page.text(width / 2, 38, title, size, SERIF_BOLD, spread=1.5, centre=True)
    page.text(width / 2, 58, "（正　本）", 5.4, SERIF, centre=True)
    rows = [
        ("统一社会信用代码", body.number),
        ("名　　称", body.name),
        ("业务范围", "开展示例领域的学术交流、业务培训、咨询服务，承办政府委托的示例事项。"),
        ("住　　所", body.address),
        (lead, body.legal_person),
        (funds, "叁万元整"),
        ("业务主管单位", body.sponsor),
        ("有效期限", _term(body)),
    ]
    _rows(page, rows, 28, 72, 50, 4.6, 150 if lying else 102)
    foot = page.image.height / page.dots - 48
    page.text(width - 108, foot, "发证机关", 5, SERIF_BOLD)
    page.text(width - 108, foot + 20, f"{body.since:%Y年%m月%d日}", 4.6, SERIF)
    page.seal(width - 58, foot + 8, f"{body.city}市示例区民政局")
    return page.image


def law_firm(body: Body, lying: bool = True) -> Image.Image:
    """律师事务所执业许可证."""
    page = Sheet(297, 210, 7.5, (247, 246, 240)) if lying else Sheet(210, 297, 7.5, (247, 246, 240))
    width = page.image.width / page.dots
    page.frame(9, (70, 90, 150), 2.0)
    page.star(width / 2, 24, 8)
    page.text(width / 2, 36, "中华人民共和国", 7, SERIF_BOLD, spread=1.4, centre=True)
    page.text(width / 2, 48, "律师事务所执业许可证", 12, SERIF_BOLD, spread=1.6, centre=True)
    page.text(width / 2, 66, "（副　本）", 5, SERIF, centre=True)
    page.text(28, 76, f"统一社会信用代码：{body.number}", 5, SANS)
    words = f"{body.name}符合《中华人民共和国律师法》及《律师事务所管理办法》规定的条件，准予设立并执业。"
    page.text(36, 90, words, 4.8, SERIF, wrap=width - 76)
    rows = [
        ("名　　称", body.name),
        ("住　　所", body.address),
        ("负责人", body.legal_person),
        ("组织形式", "普通合伙"),
        ("设立资产", "30万元"),
        ("主管机关", f"{body.city}市示例区司法局"),
        ("批准文号", "示司许〔2021〕66号"),
    ]
    _rows(page, rows, 28, 110, 40, 4.6, 150 if lying else 110)
    foot = page.image.height / page.dots - 46
    page.text(width - 110, foot, "发证机关", 5, SERIF_BOLD)
    page.text(width - 110, foot + 16, f"发证日期　{body.since:%Y年%m月%d日}", 4.6, SERIF)
    page.seal(width - 58, foot + 6, f"{body.city}市司法局示例章")
    return page.image


def organisation_code(body: Body, above: float = 0.0) -> Image.Image:
    """组织机构代码证, as until 2015. Where the form was filled in out of register, its values stand `above` their
    labels by so many millimetres; such a one has its code spread over a bar code, too.
    """
    page = Sheet(297, 210, 7.5, (244, 250, 246))
    page.frame(9, (60, 130, 90), 2.0)
    page.text(148.5, 22, "中华人民共和国", 8, SERIF_BOLD, spread=2, centre=True)
    page.text(148.5, 36, "组织机构代码证", 15, SERIF_BOLD, spread=3, centre=True)
    page.text(148.5, 58, "（副　本）", 5.4, SERIF, centre=True)
    page.text(40, 70, "代　码：", 6, SANS_BOLD)
    page.text(72, 70 - above, body.organisation_code, 6.4, SANS, spread=5 if above else 0)
    for place in range(40 if above else 0):
        left, right = 72 + 1.9 * place, 72.5 + 1.9 * place + place % 3 * 0.4
        page.pen.rectangle((left * page.dots, 77 * page.dots, right * page.dots, 84 * page.dots), fill=INK)
    since = dt.date(2012, 5, 21)
    rows = [
        ("机构名称：", body.name),
        ("机构类型：", f"企业法人（法定代表人：{body.legal_person}）" if above else "企业法人"),
        *([] if above else [("法定代表人：", body.legal_person)]),
        ("地　　址：", body.address),
        ("有效期：", f"自{since:%Y年%m月%d日}至{since.replace(year=2016):%Y年%m月%d日}"),
        ("颁发单位：", f"{body.city}市质量技术监督局"),
        ("登 记 号：", "组代管320199-012345-1"),
    ]
    _rows(page, rows, 40, 88 if above else 86, 38, 5, 72 if above else 120, above)
    page.text(200, 76, "说　明", 5, SERIF_BOLD, spread=2)
    words = (
        "1.中华人民共和国组织机构代码是组织机构在中华人民共和国境内唯一的、始终不变的法定代码标识，"
        "《中华人民共和国组织机构代码证》是组织机构法定代码标识的凭证，分正本和副本。"
        "2.本证不得出租、冒用、转让、伪造、变造、非法买卖。"
    )
    page.text(196, 86, words, 3.4, SERIF, wrap=74)
    page.seal(150, 158, f"{body.city}市质量技术监督局")
    return page.image


def sole_trader(body: Body, name: str = "***") -> Image.Image:
    """营业执照 of a sole trader, who may have no trade name."""
    page = Sheet(297, 210, 7.5, (252, 249, 240))
    page.frame(8, GOLD, 2.4)
    page.star(148.5, 27, 11)
    page.text(148.5, 42, "营业执照", 18, SERIF_BOLD, spread=6, centre=True)
    page.text(148.5, 67, "（副本）", 6, SERIF, centre=True)
    page.text(25, 38, "统一社会信用代码", 4.4, SANS_BOLD)
    page.text(25, 45, body.number, 5.2, SANS)
    left = [
        ("名　　称", name),
        ("类　　型", "个体工商户"),
        ("经 营 者", body.legal_person),
        ("经营范围", "零售：日用百货。"),
    ]
    right = [("组成形式", "个人经营"), ("注册日期", f"{body.since:%Y年%m月%d日}"), ("经营场所", body.address)]
    _rows(page, left, 26, 84, 29, 4.6, 100)
    _rows(page, right, 164, 84, 29, 4.6, 82)
    page.text(180, 160, "登记机关", 5.6, SERIF_BOLD, spread=2)
    page.seal(226, 168, f"{body.city}市示例区市场监督管理局")
    return page.image


def partnership(body: Body, delegate: str) -> Image.Image:
    """营业执照 of a partnership whose managing partner is a company: `delegate` speaks for it."""
    page = Sheet(210, 297, 7.5, (252, 250, 244))
    page.frame(9, GOLD, 2.0)
    page.star(105, 40, 12)
    page.text(105, 58, "营业执照", 17, SERIF_BOLD, spread=5, centre=True)
    page.text(92, 95, f"统一社会信用代码 {body.number}", 4.2, SANS)
    rows = [
        ("名　　称", body.name),
        ("类　　型", "有限合伙企业"),
        ("主要经营场所", body.address),
        ("执行事务合伙人", f"{body.city}云汐示例投资有限公司（委派代表：{delegate}）"),
        ("成立日期", f"{body.since:%Y年%m月%d日}"),
        ("合伙期限", f"{body.since:%Y年%m月%d日}至2049年06月30日"),
        ("经营范围", "以自有资金从事投资活动。（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"),
    ]
    _rows(page, rows, 30, 108, 40, 4.6, 104)
    page.text(96, 250, "登记机关", 5.4, SERIF_BOLD, spread=2)
    page.seal(158, 252, f"{body.city}市示例区市场监督管理局")
    return page.image


def older_licence(body: Body, number: str, above: float = 0.0) -> Image.Image:
    """企业法人营业执照 with a 注册号 of 15 digits, as until 2014. Where the form was filled in out of register, its
    values stand `above` their labels by so many millimetres.
    """
    page = Sheet(210, 297, 7.5, (250, 246, 232))
    page.frame(9, GOLD, 2.6)
    page.star(105, 34, 11)
    page.text(105, 50, "企业法人营业执照", 14, SERIF_BOLD, spread=2.5, centre=True)
    page.text(105, 72, "（副　本）", 6, SERIF, centre=True)
    page.text(62, 86, "注册号", 4.8, SANS)
    page.text(84, 86 - above, number, 4.8, SANS)
    rows = [
        ("名　　称", body.name),
        ("住　　所", body.address),
        ("法定代表人姓名", body.legal_person),
        ("注册资本", "人民币叁佰万元"),
        ("实收资本", "人民币叁佰万元"),
        ("公司类型", "有限责任公司"),
        ("经营范围", "许可经营项目：无。一般经营项目：计算机软硬件开发、销售。"),
        ("成立日期", "二〇〇九年五月十六日"),
        ("营业期限", "自2009年05月16日至2029年05月15日"),
    ]
    _rows(page, rows, 30, 100, 44, 4.8, 104, above)
    page.seal(150, 262, f"{body.city}市工商行政管理局")
    page.text(122, 276, "二〇一二年三月八日", 4.6, SERIF)
    return page.image
