"""What may stand in an address: anything else is no address of ours, and never reaches the store."""

from __future__ import annotations

from apiflask import APIFlask
from werkzeug.routing import BaseConverter


class Word(BaseConverter):
    """An id, a step, a slot, a code: letters, digits, `_` and `-`."""

    regex = r"[A-Za-z0-9_-]{1,64}"


class Dotted(BaseConverter):
    """A step and its slot: `person_document.portrait`."""

    regex = r"[a-z_]{1,32}(?:\.[a-z_]{1,32})?"


def register_words(app: APIFlask) -> None:
    """Teach `app`'s routes these two; call before its blueprints come."""
    app.url_map.converters["word"] = Word
    app.url_map.converters["dotted"] = Dotted
