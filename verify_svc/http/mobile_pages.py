"""The pages of a form on the phone, part of its API: sent, taken again, framed, put away, looked at."""

from __future__ import annotations

from collections.abc import Callable

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from verify_svc.flow import more_pages, upload
from verify_svc.flow.services import Services
from verify_svc.flow.views import UploadShown
from verify_svc.http.bodies import Body, max_body, read_bytes, read_json
from verify_svc.http.errors import FieldError, Problem
from verify_svc.http.files import jpeg
from verify_svc.http.guards import Guard, guarded
from verify_svc.http.mobile_models import Body as NoBody
from verify_svc.http.mobile_models import PictureSent
from verify_svc.http.shapes import Tree
from verify_svc.ports import PhoneRow


def read_file(limit_bytes: int, phone: PhoneRow) -> tuple[Body, str]:
    """The file that a phone sends, and how it was taken as its page says. Raises `Problem`."""
    capture = request.headers.get("X-Capture", "file")
    if capture not in upload.CAPTURES:
        message = f"One of {', '.join(upload.CAPTURES)}"
        raise Problem(422, "validation_failed", message, (FieldError("X-Capture", "enum", message),))
    return read_bytes(limit_bytes, request.headers.get("X-Content-SHA256"), phone.session_id), capture


def add_pages(
    api: APIBlueprint, services: Services, me: Callable[[], PhoneRow], tree: Callable[[UploadShown], Tree]
) -> None:
    """Add the routes to the phone's blueprint. `me` gives the phone that asks, `tree` an upload as JSON."""

    def limit() -> int:
        return services.policy.max_picture_bytes

    def put(upload_id: str, instead_of: int | None) -> tuple[Response, int]:
        file, capture = read_file(limit(), me())
        shown = more_pages.put_page(
            services,
            me(),
            upload_id,
            data=file.data,
            sha256=file.sha256,
            capture=capture,
            instead_of=instead_of,
        )
        return jsonify(tree(shown)), 201

    @api.put("/uploads/<word:upload_id>/pages")
    @guarded(Guard.PHONE_PROVED)
    @max_body(limit)
    def add_page(upload_id: str) -> tuple[Response, int]:
        return put(upload_id, None)

    @api.put("/uploads/<word:upload_id>/pages/<int:page>")
    @guarded(Guard.PHONE_PROVED)
    @max_body(limit)
    def replace_page(upload_id: str, page: int) -> tuple[Response, int]:
        return put(upload_id, page)

    @api.post("/uploads/<word:upload_id>/pages/<int:page>")
    @guarded(Guard.PHONE_PROVED)
    def frame_page(upload_id: str, page: int) -> Response:
        said = read_json(PictureSent)
        shown = more_pages.frame_page(services, me(), upload_id, page, corners=said.corners, rotate_deg=said.rotate_deg)
        return jsonify(tree(shown))

    @api.post("/uploads/<word:upload_id>/pages/<int:page>/remove")
    @guarded(Guard.PHONE_PROVED)
    def remove_page(upload_id: str, page: int) -> Response:
        read_json(NoBody)
        return jsonify(tree(more_pages.remove_page(services, me(), upload_id, page)))

    @api.get("/uploads/<word:upload_id>/pages/<int:page>/picture")
    @guarded(Guard.PHONE_PROVED)
    def page_picture(upload_id: str, page: int) -> Response:
        return jpeg(upload.picture_of_upload(services, me(), upload_id, page))
