"""The face: challenge, clip, comparison with the card, the still."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from verify_svc.face.check import FaceCheck, FaceWanted, check_face
from verify_svc.face.compare import compare_stills
from verify_svc.flow import capture, pictures, views
from verify_svc.flow.analysis import Analysis, Progress
from verify_svc.flow.handoff import phone_state
from verify_svc.flow.limits import Limit, spend
from verify_svc.flow.record import APPLICANT, load, move, moved, pack_of, refusal_of, transact
from verify_svc.flow.refusal import FieldFault, Kind, Refusal, conflict, not_found
from verify_svc.flow.services import Services
from verify_svc.flow.show import portrait_ready
from verify_svc.flow.tokens import new_id
from verify_svc.flow.views import PhoneState
from verify_svc.media.origin import is_from_a_page
from verify_svc.ports import PhoneRow, Transaction, UploadRow
from verify_svc.session.challenge import BYTES_NEEDED, Challenge, draw
from verify_svc.session.codec import to_json
from verify_svc.session.events import ChallengeBegun, ChallengeMade, FacesCompared, StillConfirmed
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.judging import MATCH
from verify_svc.session.papers import challenge_in_force
from verify_svc.session.refused import NotAllowed
from verify_svc.session.state import Session, Slot
from verify_svc.session.steps import StepName, portrait_slot

LANGUAGES = ("zh", "en")
MODES = ("live", "file")
CHALLENGES = Limit("challenge", 40, timedelta(days=1))
"""Of one session. Whoever holds a recording of six digits must not draw challenges until they are those six. A step
locks after five judged failures, so people need far fewer. With 40 a day for 30 days a recording fits 1 session
in 500."""
_LATEST_S = 0.5
"""A page that says it showed a digit further from the time it was told is not believed."""


def new_challenge(services: Services, phone: PhoneRow, *, language: str, mode: str) -> views.Challenge:
    """Fresh digits; an earlier challenge ends. `language` is `zh` or `en`, `mode` `live` or `file`.

    A live phone is told none of them yet: see `begin_challenge` and `digit`.

    Refusals: CONFLICT, LIMITED, INVALID.
    """
    if language not in LANGUAGES or mode not in MODES:
        fault = FieldFault("language", "validation_failed", "zh or en; live or file.")
        raise Refusal(Kind.INVALID, "validation_failed", faults=(fault,))
    with services.store.read() as tx:
        _, session = load(tx, phone.session_id)
    now = services.clock.now()
    digits, reveals_s, duration_s = draw(services.randomness.bytes(BYTES_NEEDED))
    expires_at = now + pack_of(services, session).face.challenge_lives
    challenge = Challenge(new_id(services, "ch_"), digits, reveals_s, duration_s, language, mode, expires_at)
    detail = {"challenge": challenge.id, "language": language, "mode": mode}

    def story(tx: Transaction) -> None:
        spend(tx, CHALLENGES, session.id, now)
        event = ChallengeMade(now, challenge)
        move(services, tx, session.id, event, who=APPLICANT, what="challenge_made", detail=detail)

    transact(services, story)
    shown = digits if mode == "file" else None
    return views.Challenge(challenge.id, len(digits), shown, reveals_s, duration_s, expires_at)


def begin_challenge(services: Services, phone: PhoneRow, challenge_id: str) -> str:
    """The phone begins to record: gives the first digit. Again: the same, and the time of the first call stays.

    Refusals: CONFLICT, GONE `challenge_expired`.
    """
    now = services.clock.now()

    def story(tx: Transaction) -> str:
        _, session = load(tx, phone.session_id)
        challenge = _in_force(session, challenge_id, now)
        if challenge.begun_at is None:
            event, detail = ChallengeBegun(now, challenge_id), {"challenge": challenge_id}
            move(services, tx, session.id, event, who=APPLICANT, what="challenge_begun", detail=detail)
        return challenge.digits[0]

    return transact(services, story)


def digit(services: Services, phone: PhoneRow, challenge_id: str, place: int) -> str:
    """One digit, `place` counted from 0. Refusals: NOT_FOUND, CONFLICT before the one before it is to be seen, GONE."""
    now = services.clock.now()
    with services.store.read() as tx:
        _, session = load(tx, phone.session_id)
    challenge = _in_force(session, challenge_id, now)
    if place >= len(challenge.digits):
        raise not_found("digit")
    if place >= challenge.due(now):
        raise conflict("This digit is not due yet.")
    return challenge.digits[place]


def _in_force(session: Session, challenge_id: str, now: datetime) -> Challenge:
    try:
        return challenge_in_force(session, challenge_id, now)
    except NotAllowed as fault:
        raise refusal_of(session, fault) from None


def analyse_clip(services: Services, session: Session, row: UploadRow, progress: Progress) -> Analysis:
    """Judge one clip against its challenge and, where the card is there already, against its portrait."""
    challenge = json.loads(row.sent).get("challenge") or {}
    pack = pack_of(services, session)
    portrait = _portrait_row(services, session)
    wanted = FaceWanted(
        digits=challenge.get("digits"),
        language=challenge.get("language", "zh"),
        reveals_s=_reveals(row, challenge),
        reference=None if portrait is None else pictures.page_or_preview(services, portrait),
        max_blinks=pack.face.max_blinks,
        longest_closure_s=pack.face.longest_closure_s,
        still=pack.face.still,
        effects=pack.effects_in(StepName.FACE),
    )
    check = check_face(services.engines, services.blobs.get(row.blob), wanted, progress)
    found = list(check.report.findings)
    matches = tuple(finding for finding in found if finding.check == MATCH)
    own = tuple(finding for finding in found if finding.check != MATCH)
    own += _reuse(services, row) + _claim(services, row, challenge, check.report.properties.get("duration_s"))
    compared = None
    if portrait is not None and matches and check.stills:
        compared = FacesCompared(services.clock.now(), row.id, portrait.id, matches)
    # The session weighs the findings; without those that belong to the pair of clip and card.
    report = replace(check.report, findings=own)
    return Analysis(report, stills=len(check.stills), files=_files(check), compared=compared)


def compare_later(services: Services, session: Session, clip: UploadRow, portrait: UploadRow) -> Finding:
    """Compare the clip's stills with a card's portrait that came after it."""
    count = json.loads(clip.report or "{}").get("stills", 0)
    stills = [pictures.get(services, session.id, clip.id, f"still-{place}") for place in range(count)]
    reference = pictures.page_or_preview(services, portrait)
    kept = [still for still in stills if still is not None]
    if reference is None or not kept:
        return uncertain()
    return compare_stills(services.engines, kept, reference)


def uncertain() -> Finding:
    """The comparison that could not be made: an operator looks."""
    return Finding(MATCH, Outcome.INCONCLUSIVE, ("selfie_match_uncertain",))


def still_picture(services: Services, phone: PhoneRow, place: int) -> bytes:
    """JPEG, portrait format; `place` 0 is the chosen one. Refusals: NOT_FOUND."""
    with services.store.read() as tx:
        _, session = load(tx, phone.session_id)
    picture = pictures.still(services, session, place)
    if picture is None:
        raise not_found("still")
    return picture


def confirm_still(services: Services, phone: PhoneRow, place: int) -> PhoneState:
    """确认使用. Refusals: CONFLICT, NOT_FOUND."""
    event = StillConfirmed(services.clock.now(), place)
    moved(services, phone.session_id, event, who=APPLICANT, what="still_confirmed", detail={"place": place})
    return phone_state(services, phone)


def portrait(services: Services, session_id: str) -> bytes:
    """JPEG of the confirmed (or chosen) still, once face is passed. Refusals: NOT_FOUND."""
    with services.store.read() as tx:
        _, session = load(tx, session_id)
    picture = pictures.still(services, session) if portrait_ready(session) else None
    if picture is None:
        raise not_found("portrait")
    return picture


def _portrait_row(services: Services, session: Session) -> UploadRow | None:
    """The picture that shows the portrait of the person's certificate, once it is judged."""
    step, name = session.steps.get(StepName.PERSON_DOCUMENT), portrait_slot(StepName.PERSON_DOCUMENT, session.expected)
    slot = Slot() if step is None or name is None else step.slots.get(name, Slot())
    if slot.judged is None:
        return None
    with services.store.read() as tx:
        return tx.uploads.get(slot.judged.upload_id)


def _reveals(row: UploadRow, challenge: dict[str, Any]) -> tuple[float, ...] | None:
    """When the digits were shown: as the page says where that fits what it was told, else as it was told.

    None for a clip made with the phone's own camera, where all digits were shown beforehand.
    """
    told = tuple(float(time_s) for time_s in challenge.get("reveals_s") or ())
    if not told or challenge.get("mode") == "file":
        return None
    shown = tuple(float(time_s) for time_s in json.loads(row.sent).get("shown_at_s") or ())
    fits = len(shown) == len(told) and all(
        abs(one - other) <= _LATEST_S for one, other in zip(shown, told, strict=True)
    )
    return shown if fits else told


def _claim(
    services: Services, row: UploadRow, challenge: Mapping[str, Any], duration_s: float | None
) -> tuple[Finding, ...]:
    """The fallback that a clip is which says to be the page's own recording and can't be."""
    if row.capture != "camera" or challenge.get("mode") != "live" or not duration_s:
        return ()
    from_a_page = services.engines.decoding.call(pictures.DECODING_S, is_from_a_page, services.blobs.get(row.blob))
    return () if capture.claim_holds(row, challenge, duration_s, from_a_page) else (capture.FALLBACK,)


def _reuse(services: Services, row: UploadRow) -> tuple[Finding, ...]:
    with services.store.read() as tx:
        seen = tx.uploads.seen_elsewhere(row.session_id, row.sha256)
    return (Finding("reuse", Outcome.FAIL, ("media_reused",)) if seen else Finding("reuse", Outcome.PASS),)


def _files(check: FaceCheck) -> tuple[tuple[str, bytes], ...]:
    stills = tuple((f"still-{place}", still.jpeg) for place, still in enumerate(check.stills))
    frames = tuple((pictures.FRAME + frame.reason, frame.jpeg) for frame in check.frames)
    traces = () if check.traces is None else (("traces", to_json(check.traces).encode()),)
    return (*stills, *frames, *traces)
