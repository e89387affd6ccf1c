"""How the files of an upload or a paper are called: those of a form's further pages bear a number."""

from __future__ import annotations


def original(number: int) -> str:
    """As it was sent.

    >>> original(1), original(3)
    ('original', 'original-3')
    """
    return _numbered("original", number)


def shown(number: int) -> str:
    """The whole picture, upright, for people."""
    return _numbered("preview", number)


def laid_flat(number: int) -> str:
    """The page alone, once it was judged."""
    return _numbered("page", number)


def number_of(what: str) -> int | None:
    """The number of the original of that name.

    >>> number_of("original"), number_of("original-3"), number_of("still-0")
    (1, 3, None)
    """
    name, _, number = what.partition("-")
    return int(number or 1) if name == "original" else None


def _numbered(what: str, number: int) -> str:
    return what if number == 1 else f"{what}-{number}"
