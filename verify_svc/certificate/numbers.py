"""Certificate numbers: their shape, check digits, and what they say about their holder."""

from __future__ import annotations

import datetime as dt
import hmac
import re
import unicodedata

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: no I, O, S, V, Z."""


def normalise_number(text: str) -> str:
    """The number as it is compared: half-width, upper case, without spaces and hyphens.

    >>> normalise_number(" 11010519491231００２x ")
    '11010519491231002X'
    """
    return re.sub(r"[\s\-·]", "", unicodedata.normalize("NFKC", text)).upper()


def same_number(read: str, entered: str) -> bool:
    """Whether two numbers are the same, in constant time."""
    one, other = normalise_number(read), normalise_number(entered)
    return hmac.compare_digest(one.encode(), other.encode())


def is_id_number(number: str) -> bool:
    """Whether the 18-character number of an ID card holds together (GB 11643: shape, birth date, check digit).

    The county code is not looked up: counties come and go, and no list is complete.

    >>> is_id_number("11010519491231002X"), is_id_number("110105194912310021")
    (True, False)
    """
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number) or birth_date_in(number) is None:
        return False
    return number[-1] == ric.calc_check_digit(number)


def birth_date_in(number: str) -> dt.date | None:
    """The birth date that an 18-character ID card number carries."""
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex_in(number: str) -> str:
    """男 or 女, as the 17th digit of an ID card number says."""
    return "男" if int(number[16]) % 2 else "女"


_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]")
"""GB/T 2260; 81, 82 and 83 are those of residence permits for Hong Kong, Macao and Taiwan residents."""
_FROM_OUTSIDE = ("810000", "820000", "830000")


def is_known_province(number: str) -> bool:
    """Whether the first two digits of an ID card number are a province's.

    >>> is_known_province("11010519491231002X"), is_known_province("99010519491231002X")
    (True, False)
    """
    return bool(_PROVINCES.match(number))


def is_residence_number(number: str) -> bool:
    """Whether this is the number of a residence permit for Hong Kong, Macao or Taiwan residents."""
    return number.startswith(_FROM_OUTSIDE) and is_id_number(number)


def is_credit_code(number: str) -> bool:
    """Whether a unified social credit code holds together (GB 32100).

    >>> is_credit_code("91110000600037341L"), is_credit_code("91110000600037342L")
    (True, False)
    """
    try:
        uscc.validate(number)
    except ValidationError:
        return False
    return len(number) == 18 and number == normalise_number(number)


_CODE_SIGN = f"[{CREDIT_CODE_ALPHABET}]"
_CODE_IN_TEXT = re.compile(rf"(?<![0-9A-Za-z])(?!0){_CODE_SIGN}{{2}}[0-9]{{6}}{_CODE_SIGN}{{10}}(?![0-9A-Za-z])")


def credit_codes_in(text: str) -> tuple[str, ...]:
    """The credit codes that stand in a text or an address, whole and holding together, each once.

    >>> credit_codes_in("http://www.example.cn/?uniscid=91110000600037341L&id=91110000600037342L")
    ('91110000600037341L',)
    """
    return tuple(dict.fromkeys(code for code in _CODE_IN_TEXT.findall(text) if is_credit_code(code)))


def is_organisation_code(number: str) -> bool:
    """Whether an organisation code of 9 characters, with or without its hyphen, holds together (GB 11714).

    >>> is_organisation_code("D2143569-X"), is_organisation_code("D2143569-1")
    (True, False)
    """
    match = re.fullmatch(r"([0-9A-Z]{8})-?([0-9X])", number)
    if match is None:
        return False
    values = (int(character, 36) for character in match[1])
    rest = -sum(weight * value for weight, value in zip((3, 7, 9, 10, 5, 8, 4, 2), values, strict=True)) % 11
    return match[2] == "0123456789X"[rest]


def is_registration_number(number: str) -> bool:
    """Whether the 15-digit 注册号 of an older licence holds together (MOD 11,10).

    >>> is_registration_number("110108000000016"), is_registration_number("110108000000017")
    (True, False)
    """
    return bool(re.fullmatch(r"[1-9][0-9]{14}", number)) and mod_11_10.is_valid(number)


def is_licence_number(number: str) -> bool:
    """Whether this can be the number of a business licence: a credit code, or an older registration number."""
    return is_credit_code(number) or is_registration_number(number)
