"""Who may call a route. Every route declares one guard; an application with a route that declares none won't start.

    @bp.post("/v1/verification_sessions")
    @guarded(API_KEY)
    def create() -> ...

A guard is a function run before the view (and before the body is read): it lets the request pass or raises `Problem`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from apiflask import APIFlask
from flask import request

from verify_svc.http.errors import Problem

V = TypeVar("V", bound=Callable[..., object])
_ATTRIBUTE = "guard"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""What changes nothing."""


class Guard(StrEnum):
    """The ways in."""

    PUBLIC = "public"  # nothing of any person is behind it
    API_KEY = "api_key"  # a portal's server, by its secret key
    PHONE = "phone"  # a phone that redeemed a link, by its session cookie
    PHONE_PROVED = "phone_proved"  # the same, once the code sent by SMS was typed on it: what was photographed
    PHONE_FRAMING = "phone_framing"  # a phone by its cookie, sending what is looked at and not kept: paced, not counted
    PHONE_ENTRY = "phone_entry"  # a phone that is about to: same origin only
    CLIENT_TOKEN = "client_token"  # noqa: S105  # the hand-off page, by the session's client token
    OPERATOR = "operator"  # a reviewer, by the console's cookie
    OPERATOR_ENTRY = "operator_entry"  # a reviewer who is about to log in: same origin only


BROWSER_WRITES = frozenset(
    {
        Guard.PHONE,
        Guard.PHONE_PROVED,
        Guard.PHONE_FRAMING,
        Guard.PHONE_ENTRY,
        Guard.OPERATOR,
        Guard.OPERATOR_ENTRY,
    }
)
"""Guards whose writes a foreign page could forge: they want a same-origin request."""


class UnguardedRoute(RuntimeError):
    """A route declares no guard."""


def guarded(guard: Guard) -> Callable[[V], V]:
    """Declare who may call the view."""

    def declare(view: V) -> V:
        setattr(view, _ATTRIBUTE, guard)
        return view

    return declare


def guards_by_endpoint(app: APIFlask) -> dict[str, Guard]:
    """The guard of each endpoint in `app`'s URL map. Raises `UnguardedRoute` naming those without one."""
    guards: dict[str, Guard] = {}
    missing = []
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], _ATTRIBUTE, None)
        if isinstance(guard, Guard):
            guards[rule.endpoint] = guard
        else:
            missing.append(rule.rule)
    if missing:
        raise UnguardedRoute(f"no guard declared for {', '.join(sorted(missing))}")
    return guards


def require_same_origin(own_origins: frozenset[str]) -> None:
    """Refuse a write that another site's page makes.

    A browser says where a write comes from by `Sec-Fetch-Site` or `Origin`; a request with neither comes from no
    browser that we serve.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site == "same-origin":
            return
        raise Problem(403, "forbidden", "Writes are taken from our own pages alone")
    if request.headers.get("Origin") not in own_origins:
        raise Problem(403, "forbidden", "Writes are taken from our own pages alone")


def origin_of(url: str) -> str:
    """The origin of an address.

    >>> origin_of("https://verify.example:8443/m/")
    'https://verify.example:8443'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def register_guards(app: APIFlask, checks: Mapping[Guard, Callable[[], None]], public_url: str) -> None:
    """Put `app` under guard: call last, when all its routes are there. Raises `UnguardedRoute`."""
    guards = guards_by_endpoint(app)
    public_origin = origin_of(public_url)

    @app.before_request
    def _guard() -> None:
        if request.endpoint is None:
            return  # no such address: answered with 404 or 405
        guard = guards[request.endpoint]
        if guard in BROWSER_WRITES and request.method not in SAFE_METHODS:
            require_same_origin(frozenset({public_origin, origin_of(request.host_url)}))
        check = checks.get(guard)
        if check is not None:
            check()
