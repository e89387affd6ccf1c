"""The pages' files, as they lie in `web/`: what is reviewed is what is served.

Modules import one another by plain names, so nothing is cached blindly: each file carries an ETag and is asked for
anew on each load (a 304 costs no body).
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, redirect, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from verify_svc.http.guards import Guard, guarded

# The machine's own table of types is not trusted: some give text/plain for modules.
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
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
for _suffix, _type in _TYPES.items():
    mimetypes.add_type(_type, _suffix)


def make_pages(web_dir: Path, locales_dir: Path) -> APIBlueprint:
    """The blueprint that serves `web_dir` and `locales_dir`."""
    pages = APIBlueprint("pages", __name__, enable_openapi=False)

    def _file(folder: Path, name: str) -> Response:
        suffix = Path(name).suffix
        response = send_from_directory(folder, name, mimetype=_TYPES.get(suffix), conditional=True, etag=True)
        response.headers["Cache-Control"] = "no-cache"
        return response

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

    return pages
