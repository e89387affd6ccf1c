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


def is_registration_number(number: str) -> bool:
    """Whether the 15-digit 注册号 of an older licence holds together (MOD 11,10).

    >>> is_registration_number("110108000000016"), is_registration_number("110108000000017")
    (True, False)
    """
    return bool(re.fullmatch(r"[1-9][0-9]{14}", number)) and mod_11_10.is_valid(number)


def is_licence_number(number: str) -> bool:
    """Whether this can be the number of a business licence: a credit code, or an older registration number."""
    return is_credit_code(number) or is_registration_number(number)
