"""The phone's API (`/m/api/`), as docs/page-api.md describes it. Each view reads, calls one story, shapes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from apiflask import APIBlueprint
from flask import Response, g, jsonify, request

from verify_svc.flow import challenge as challenge_story
from verify_svc.flow import consent, document, face, form, handoff, upload
from verify_svc.flow import phone as phone_story
from verify_svc.flow.hints import HintPace
from verify_svc.flow.services import Services
from verify_svc.flow.views import PhoneState, UploadShown
from verify_svc.http import shapes
from verify_svc.http.bodies import max_body, read_json
from verify_svc.http.files import jpeg, pdf
from verify_svc.http.guards import SAFE_METHODS, Guard, guarded
from verify_svc.http.mobile_hints import add_hints
from verify_svc.http.mobile_models import (
    Body,
    ClipSent,
    Code,
    Consent,
    DeviceReport,
    Fields,
    Locale,
    Mobile,
    NewChallenge,
    OtherWay,
    PictureSent,
    Redeem,
    Still,
)
from verify_svc.http.mobile_pages import add_pages, read_file
from verify_svc.http.sse import Streams
from verify_svc.http.times import iso
from verify_svc.ports import PhoneRow
from verify_svc.session.codec import to_plain

COOKIE = "verify_phone"
COOKIE_PATH = "/m/api/"


def frame_url(upload_id: str, code: str) -> str:
    """Where the phone finds the frame that shows a reason."""
    return f"/m/api/uploads/{upload_id}/frame/{code}"


def check_phone(services: Services, counted: bool = True) -> Callable[[], None]:
    """The guard of the phone's routes: whose phone it is, by its cookie. Writes are `counted`, all that leave a row."""

    def check() -> None:
        phone = handoff.phone_of_cookie(services, request.cookies.get(COOKIE))
        g.phone = phone
        g.session_id = phone.session_id
        if counted and request.method not in SAFE_METHODS:
            handoff.count_write(services, phone)

    return check


def check_proved_phone(services: Services) -> Callable[[], None]:
    """The guard of what was photographed: the phone's own, on which the mobile number is proved."""
    check = check_phone(services)

    def check_proved() -> None:
        check()
        handoff.check_proved(services, g.phone)

    return check_proved


def make_mobile_api(services: Services, streams: Streams, pace: HintPace, public_url: str) -> APIBlueprint:
    """The blueprint of `/m/api/`."""
    api = APIBlueprint("mobile_api", __name__, url_prefix="/m/api", enable_openapi=False)

    def me() -> PhoneRow:
        phone: PhoneRow = g.phone
        return phone

    def state(shown: PhoneState) -> Response:
        return jsonify(shapes.phone_state(shown, frame_url))

    def upload_tree(shown: UploadShown) -> shapes.Tree:
        return shapes.upload(shown, frame_url)

    def upload_limit() -> int:
        slot = (request.view_args or {}).get("slot")
        return services.policy.max_clip_bytes if slot == "clip" else services.policy.max_picture_bytes

    @api.post("/redeem")
    @guarded(Guard.PHONE_ENTRY)
    def redeem() -> Response:
        body = read_json(Redeem)
        redeemed = handoff.redeem_link(
            services,
            body.token,
            device_kind=body.device.kind,
            browser=body.device.browser,
            cookie=request.cookies.get(COOKIE),
        )
        g.session_id = redeemed.phone.session_id
        response = state(redeemed.state)
        secure = request.is_secure or public_url.startswith("https:")
        _set_cookie(response, redeemed.cookie, redeemed.until, secure)
        return response

    @api.get("/state")
    @guarded(Guard.PHONE)
    def read_state() -> Response:
        return state(handoff.phone_state(services, me()))

    @api.get("/events")
    @guarded(Guard.PHONE)
    def events() -> Response:
        session_id = me().session_id
        return streams.respond(lambda after: shapes.events(handoff.events_after(services, session_id, after)))

    @api.post("/locale")
    @guarded(Guard.PHONE)
    def locale() -> Response:
        return state(consent.choose_locale(services, me(), read_json(Locale).locale))

    @api.post("/consent")
    @guarded(Guard.PHONE)
    def give_consent() -> Response:
        body = read_json(Consent)
        return state(
            consent.give_consent(services, me(), processing=body.processing, face=body.face, version=body.version)
        )

    @api.post("/consent/decline")
    @guarded(Guard.PHONE)
    def decline_consent() -> Response:
        read_json(Body)
        return state(consent.decline_consent(services, me()))

    @api.post("/other_way")
    @guarded(Guard.PHONE)
    def other_way() -> Response:
        body = read_json(OtherWay)
        return state(consent.ask_other_way(services, me(), step=body.step, why=body.why))

    @api.post("/device")
    @guarded(Guard.PHONE)
    def device() -> tuple[str, int]:
        body = read_json(DeviceReport)
        consent.report_device(services, me(), reports=body.reports, user_agent_kind=body.user_agent_kind)
        return "", 204

    @api.post("/phone")
    @guarded(Guard.PHONE)
    def type_number() -> Response:
        return state(phone_story.type_number(services, me(), read_json(Mobile).mobile))

    @api.post("/phone/code")
    @guarded(Guard.PHONE)
    def type_code() -> Response:
        return state(phone_story.type_code(services, me(), read_json(Code).code))

    @api.put("/steps/<word:step>/slots/<word:slot>")
    @guarded(Guard.PHONE_PROVED)
    @max_body(upload_limit)
    def put_file(step: str, slot: str) -> tuple[Response, int]:
        file, capture = read_file(upload_limit(), me())
        shown = upload.put_file(
            services, me(), step=step, slot=slot, data=file.data, sha256=file.sha256, capture=capture
        )
        return jsonify(upload_tree(shown)), 201

    @api.post("/uploads/<word:upload_id>/submit")
    @guarded(Guard.PHONE_PROVED)
    def submit(upload_id: str) -> tuple[Response, int]:
        if upload.upload_kind(services, me(), upload_id) == "clip":
            clip = read_json(ClipSent)
            shown = upload.submit_clip(
                services,
                me(),
                upload_id,
                challenge_id=clip.challenge_id,
                shown_at_s=clip.shown_at_s,
                typed=clip.typed(),
                source=None if clip.source is None else clip.source.facts(),
            )
        else:
            picture = read_json(PictureSent)
            shown = upload.submit_picture(
                services, me(), upload_id, corners=picture.corners, rotate_deg=picture.rotate_deg
            )
        return jsonify(upload_tree(shown)), 202

    @api.get("/uploads/<word:upload_id>")
    @guarded(Guard.PHONE_PROVED)
    def read_upload(upload_id: str) -> Response:
        return jsonify(upload_tree(upload.show_upload(services, me(), upload_id)))

    add_pages(api, services, me, upload_tree)
    add_hints(api, services, pace)

    @api.get("/forms/<word:kind>.pdf")
    @guarded(Guard.PHONE_PROVED)
    def printed_form(kind: str) -> Response:
        return pdf(form.printed_for_phone(services, me(), kind), kind)

    @api.get("/uploads/<word:upload_id>/picture")
    @guarded(Guard.PHONE_PROVED)
    def picture(upload_id: str) -> Response:
        return jpeg(upload.picture_of_upload(services, me(), upload_id))

    @api.get("/uploads/<word:upload_id>/strip/<word:field>")
    @guarded(Guard.PHONE_PROVED)
    def strip(upload_id: str, field: str) -> Response:
        return jpeg(upload.strip_of_upload(services, me(), upload_id, field))

    @api.get("/uploads/<word:upload_id>/frame/<word:code>")
    @guarded(Guard.PHONE_PROVED)
    def frame(upload_id: str, code: str) -> Response:
        return jpeg(upload.frame_of_upload(services, me(), upload_id, code))

    @api.post("/steps/<word:step>/fields")
    @guarded(Guard.PHONE_PROVED)
    def edit_fields(step: str) -> Response:
        body = read_json(Fields)
        return state(document.edit_fields(services, me(), step=step, slot=body.slot, fields=body.fields))

    @api.post("/face/challenge")
    @guarded(Guard.PHONE_PROVED)
    def challenge() -> Response:
        body = read_json(NewChallenge)
        made = challenge_story.new_challenge(
            services, me(), language=body.language, mode=body.mode, way=body.way, pace=body.pace
        )
        return jsonify(
            {
                "id": made.id,
                "count": made.count,
                "digits": made.digits,
                "reveals_s": list(made.reveals_s),
                "duration_s": made.duration_s,
                "expires_at": iso(made.expires_at),
                "turn": None if made.turn is None else to_plain(made.turn),
            }
        )

    @api.post("/face/challenge/<word:challenge_id>/begin")
    @guarded(Guard.PHONE_PROVED)
    def begin_challenge(challenge_id: str) -> Response:
        read_json(Body)
        return jsonify({"digit": challenge_story.begin_challenge(services, me(), challenge_id)})

    @api.get("/face/challenge/<word:challenge_id>/digits/<int:place>")
    @guarded(Guard.PHONE_PROVED)
    def digit(challenge_id: str, place: int) -> Response:
        return jsonify({"digit": challenge_story.digit(services, me(), challenge_id, place)})

    @api.get("/face/challenge/<word:challenge_id>/turn")
    @guarded(Guard.PHONE_PROVED)
    def turn(challenge_id: str) -> Response:
        return jsonify({"direction": challenge_story.turn_direction(services, me(), challenge_id)})

    @api.get("/face/stills/<int:place>")
    @guarded(Guard.PHONE_PROVED)
    def still(place: int) -> Response:
        return jpeg(face.still_picture(services, me(), place))

    @api.post("/face/confirm")
    @guarded(Guard.PHONE_PROVED)
    def confirm() -> Response:
        return state(face.confirm_still(services, me(), read_json(Still).still))

    return api


def _set_cookie(response: Response, value: str, expires: datetime, secure: bool) -> None:
    response.set_cookie(
        COOKIE,
        value,
        path=COOKIE_PATH,
        expires=expires,
        httponly=True,
        secure=secure,
        samesite="Lax",
    )
