"""The pages' files, as they lie in `web/`: what is reviewed is what is served.

Modules import one another by plain names, so nothing is cached blindly: each file carries an ETag of its content and
is asked for anew on each load (a 304 costs no body).
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, redirect, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from verify_svc.http.errors import Problem
from verify_svc.http.guards import Guard, guarded

# A file of another type is not served. The machine's own table is not asked: some give text/plain for modules.
SERVED_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}


def make_pages(web_dir: Path, locales_dir: Path) -> APIBlueprint:
    """The blueprint that serves `web_dir` and `locales_dir`."""
    pages = APIBlueprint("pages", __name__, enable_openapi=False)

    @pages.get("/m/")
    @guarded(Guard.PUBLIC)
    def mobile() -> Response:
        return _file(web_dir / "mobile", "index.html")

    @pages.get("/handoff/")
    @guarded(Guard.PUBLIC)
    def handoff() -> Response:
        return _file(web_dir / "handoff", "index.html")

    @pages.get("/console/")
    @guarded(Guard.PUBLIC)
    def console() -> Response:
        return _file(web_dir / "console", "index.html")

    @pages.get("/static/locales/<word:name>.json")
    @guarded(Guard.PUBLIC)
    def locale(name: str) -> Response:
        return _file(locales_dir, f"{name}.json")

    @pages.get("/static/<path:name>")
    @guarded(Guard.PUBLIC)
    def static_file(name: str) -> Response:
        return _file(web_dir, name)

    @pages.get("/")
    @guarded(Guard.PUBLIC)
    def index() -> AnyResponse:
        return redirect("/docs")

    @pages.get("/favicon.ico")
    @guarded(Guard.PUBLIC)
    def favicon() -> Response:
        # Browsers ask for it unasked; the pages name their own.
        response = Response(status=204)
        response.headers["Cache-Control"] = "max-age=86400"
        return response

    return pages


def _file(folder: Path, name: str) -> Response:
    path = safe_join(str(folder), name)
    media_type = SERVED_TYPES.get(Path(name).suffix)
    if path is None or media_type is None:
        raise Problem(404)
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError):
        # Absent, a folder, a name too long or with a NUL in it.
        raise Problem(404) from None
    response = Response(data, mimetype=media_type)
    response.set_etag(sha256(data).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
