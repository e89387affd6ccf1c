"""The face: clip, comparison with the card, the still."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from verify_svc.face.attack import with_signs_weighed
from verify_svc.face.check import FaceCheck, FaceWanted, check_face
from verify_svc.face.compare import compare_stills
from verify_svc.face.source import judge_source
from verify_svc.face.typed import SLOWLY, TypedLimits, judge_typed
from verify_svc.flow import answer, capture, pictures
from verify_svc.flow.analysis import Analysis, Progress
from verify_svc.flow.handoff import phone_state
from verify_svc.flow.record import APPLICANT, load, moved, pack_of
from verify_svc.flow.refusal import not_found
from verify_svc.flow.services import Services
from verify_svc.flow.show import portrait_ready
from verify_svc.flow.views import PhoneState
from verify_svc.media.origin import is_from_a_page
from verify_svc.ports import PhoneRow, UploadRow
from verify_svc.session.challenge import SLOW, SPOKEN, TYPED, USUAL
from verify_svc.session.codec import to_json
from verify_svc.session.events import FacesCompared, StillConfirmed
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.judging import MATCH
from verify_svc.session.report import judge_report
from verify_svc.session.state import Session, Slot
from verify_svc.session.steps import StepName, portrait_slot


def analyse_clip(services: Services, session: Session, row: UploadRow, progress: Progress) -> Analysis:
    """Judge one clip against its challenge and, where the card is there already, against its portrait."""
    challenge = json.loads(row.sent).get("challenge") or {}
    pack = pack_of(services, session)
    portrait = _portrait_row(services, session)
    typed = challenge.get("way") == TYPED
    wanted = FaceWanted(
        digits=None if typed else challenge.get("digits"),
        language=challenge.get("language", "zh"),
        reveals_s=answer.reveals(row, challenge),
        reference=None if portrait is None else pictures.page_or_preview(services, portrait),
        turn=answer.turn(row, challenge),
        presses_s=tuple(key.at_s for key in answer.keys(row)),
        looks_later=answer.looks_later(row),
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
    properties = {**check.report.properties, "way": challenge.get("way", SPOKEN)}
    if typed and found:
        digits, shown, keys = challenge["digits"], answer.reveals(row, challenge) or (), answer.keys(row)
        pace = challenge.get("pace", USUAL)
        limits = SLOWLY if pace == SLOW else TypedLimits()
        own += (judge_typed(digits, shown, keys, wanted.turn, limits),)
        properties["pace"] = pace
        properties["digits"] = answer.as_digits(digits, shown, keys)
    own = with_signs_weighed((*own, _source(services, row, check.report.properties)))
    compared = None
    if portrait is not None and matches and check.stills:
        compared = FacesCompared(services.clock.now(), row.id, portrait.id, matches)
    # The session weighs the findings; without those that belong to the pair of clip and card.
    weighed = judge_report((*own, *matches), properties, pack.effects_in(StepName.FACE)) if found else check.report
    report = replace(weighed, findings=own, properties=properties)
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


def _claim(
    services: Services, row: UploadRow, challenge: Mapping[str, Any], duration_s: float | None
) -> tuple[Finding, ...]:
    """The fallback that a clip is which says to be the page's own recording and can't be."""
    if row.capture != "camera" or challenge.get("mode") != "live" or not duration_s:
        return ()
    from_a_page = services.engines.decoding.call(pictures.DECODING_S, is_from_a_page, services.blobs.get(row.blob))
    return () if capture.claim_holds(row, challenge, duration_s, from_a_page) else (capture.FALLBACK,)


def _source(services: Services, row: UploadRow, properties: Mapping[str, Any]) -> Finding:
    """What the page said of its camera, where the clip claims to be the page's own recording."""
    told = capture.source_told(row) if row.capture == "camera" else None
    size_px = (properties["width"], properties["height"]) if "width" in properties else None
    with services.store.read() as tx:
        session_row, _ = load(tx, row.session_id)
    return judge_source(told, size_px, session_row.livemode)


def _reuse(services: Services, row: UploadRow) -> tuple[Finding, ...]:
    with services.store.read() as tx:
        seen = tx.uploads.seen_elsewhere(row.session_id, row.sha256)
    return (Finding("reuse", Outcome.FAIL, ("media_reused",)) if seen else Finding("reuse", Outcome.PASS),)


def _files(check: FaceCheck) -> tuple[tuple[str, bytes], ...]:
    stills = tuple((f"still-{place}", still.jpeg) for place, still in enumerate(check.stills))
    frames = tuple((pictures.FRAME + frame.reason, frame.jpeg) for frame in check.frames)
    traces = () if check.traces is None else (("traces", to_json(check.traces).encode()),)
    return (*stills, *frames, *traces)
