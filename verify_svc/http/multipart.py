"""A form with files, read into memory: a parser's own would put parts on disk, where they would lie unsealed."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser

from verify_svc.http.bodies import read_bytes
from verify_svc.http.errors import Problem

_ENVELOPE_BYTES = 16 * 1024
_BUFFER_BYTES = 16 * 1024
_FIELD_BYTES = 4 * _BUFFER_BYTES  # the parser counts what it has buffered of a file as well
_PARTS = 3  # beside the files


def form_limit(file_bytes: int, most_files: int) -> int:
    """How large a form with so many files of that size may be."""
    return file_bytes * most_files + _ENVELOPE_BYTES


def read_form(limit_bytes: int, most_files: int) -> tuple[Mapping[str, str], list[bytes]]:
    """The request's `multipart/form-data`: its fields, and the files of its parts `file`, in their order.

    Raises `Problem` 400, 413, 415 or 503, and what `read_bytes` raises.
    """
    if request.mimetype != "multipart/form-data":
        raise Problem(415, "file_type_not_allowed", "Send multipart/form-data")
    body = read_bytes(limit_bytes, None)
    boundary = request.mimetype_params.get("boundary", "").encode("ascii", "replace")
    parser = MultiPartParser(
        stream_factory=lambda *_args, **_named: BytesIO(),
        max_form_memory_size=_FIELD_BYTES,
        buffer_size=_BUFFER_BYTES,
        max_form_parts=_PARTS + most_files,
    )
    try:
        fields, files = parser.parse(BytesIO(body.data), boundary, len(body.data))
    except RequestEntityTooLarge:
        raise Problem(400, "bad_request", "Fields or parts that nobody asked for") from None
    except ValueError:
        raise Problem(400, "bad_request", "The body is not valid multipart/form-data") from None
    return fields.to_dict(), [file.stream.read() for file in files.getlist("file")]
