"""The bearer of a request."""

from __future__ import annotations

from flask import request

from verify_svc.http.errors import Problem


def bearer() -> str:
    """The token of `Authorization: Bearer`. Raises `Problem` 401 when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > 512:
        raise Problem(401, "unauthorized", "Send Authorization: Bearer …", headers={"WWW-Authenticate": "Bearer"})
    return token.strip()
