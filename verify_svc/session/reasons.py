"""The one registry of reason codes. Codes are API: added, retired, never renamed.

The words for each (title and next step, zh-CN and en) are in `locales/`; tests hold both together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a reason does to its step; a rule pack may set another one. Worst last."""

    ADVISE = "advise"
    REVIEW = "review"
    RETRY = "retry"


class Mender(StrEnum):
    """Who can mend what the reason names."""

    APPLICANT = "applicant"
    PORTAL = "portal"
    OPERATOR = "operator"


GENERAL = "review_required"
"""Shown to the applicant in place of a reason that would teach an attacker."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason code: `shown_as` is the code the applicant sees (its own, or `GENERAL`)."""

    code: str
    group: str
    effect: Effect
    mender: Mender = Mender.APPLICANT
    costs_attempt: bool = True
    shown_as: str = ""

    def __post_init__(self) -> None:
        if not self.shown_as:
            object.__setattr__(self, "shown_as", self.code)


def _group(group: str, *reasons: Reason) -> list[Reason]:
    return [Reason(r.code, group, r.effect, r.mender, r.costs_attempt, r.shown_as) for r in reasons]


def _retry(code: str, mender: Mender = Mender.APPLICANT) -> Reason:
    return Reason(code, "", Effect.RETRY, mender)


def _advise(code: str) -> Reason:
    return Reason(code, "", Effect.ADVISE, costs_attempt=False)


def _review(code: str, hidden: bool = False) -> Reason:
    return Reason(code, "", Effect.REVIEW, Mender.OPERATOR, False, GENERAL if hidden else "")


def _free(code: str, effect: Effect = Effect.RETRY, mender: Mender = Mender.APPLICANT) -> Reason:
    return Reason(code, "", effect, mender, costs_attempt=False)


# In each group the most mendable comes first: this is the order in which people are told.
_ALL: list[Reason] = [
    *_group(
        "document",
        _retry("document_not_found"),
        _retry("document_wrong_side"),
        _retry("document_wrong_kind"),
        _retry("document_cut_off"),
        _advise("document_covered"),
        _advise("document_watermark"),
        _advise("document_glare"),
        _advise("document_blurry"),
        _advise("document_too_dark"),
        _advise("document_too_bright"),
        _advise("document_too_small"),
        _advise("document_skewed"),
        _retry("document_photocopy"),
        _retry("document_recaptured_screen"),
        _retry("document_unreadable"),
        _retry("document_expired"),
        _retry("document_expires_soon"),
        _retry("document_not_yet_valid"),
        _review("document_sides_mismatch"),
    ),
    *_group(
        "fields",
        _retry("certificate_number_mismatch", Mender.PORTAL),
        _retry("name_mismatch", Mender.PORTAL),
        _retry("legal_person_mismatch", Mender.PORTAL),
        _retry("id_number_check_digit_invalid"),
        _retry("credit_code_check_digit_invalid"),
        _retry("organization_code_check_digit_invalid"),
        _retry("mrz_check_digit_invalid"),
        _review("birth_date_inconsistent"),
        _review("sex_inconsistent"),
        _review("id_number_province_unknown"),
        _review("credit_code_kind_inconsistent"),
        _review("number_edited"),
        _review("document_tampering_suspected", hidden=True),
    ),
    *_group(
        "face",
        _retry("face_not_found"),
        _retry("face_multiple"),
        _retry("face_too_small"),
        _retry("face_too_large"),
        _retry("face_off_centre"),
        _retry("face_occluded"),
        _retry("sunglasses_worn"),
        _retry("shoulders_bare"),
        _retry("eyes_closed"),
        _retry("blinking"),
        _retry("head_turned"),
        _retry("head_shaking"),
        _retry("still_not_suitable"),
        _retry("background_not_white"),
        _retry("too_dark"),
        _retry("too_bright"),
        _advise("uneven_light"),
        _retry("video_blurry"),
        _retry("video_too_short"),
        _retry("video_too_long"),
        _retry("video_frame_rate_low"),
        _free("video_frame_rate_high"),
        _retry("video_resolution_low"),
        _retry("video_not_as_recorded"),
        _retry("video_unreadable"),
        _retry("face_changed"),
    ),
    *_group(
        "speech",
        _retry("audio_missing"),
        _retry("audio_too_quiet"),
        _retry("audio_too_noisy"),
        _retry("speech_not_found"),
        _retry("digits_incomplete"),
        _retry("digits_mismatch"),
        _retry("digits_out_of_time"),
        _retry("speech_besides_digits"),
        _retry("lips_do_not_follow_speech"),
    ),
    *_group(
        "other_way",
        _retry("typed_digits_mismatch"),
        _retry("typed_digits_out_of_time"),
        _retry("head_turn_not_seen"),
        _retry("head_turn_wrong_way"),
    ),
    *_group(
        "match",
        _retry("selfie_face_mismatch"),
        _review("selfie_match_uncertain"),
        _review("presentation_attack_suspected", hidden=True),
        _review("presentation_attack_evident", hidden=True),
        _review("capture_source_suspect", hidden=True),
        _review("media_reused", hidden=True),
        _review("still_same_as_document_portrait", hidden=True),
    ),
    *_group(
        "form",
        _retry("form_wrong_template"),
        _retry("form_unreadable"),
        _retry("form_incomplete"),
        _retry("form_signature_missing"),
        _retry("form_seal_missing"),
        _retry("form_seal_mismatch"),
        _retry("form_date_missing"),
        _retry("form_date_out_of_range"),
        _retry("form_name_mismatch"),
        _retry("form_number_mismatch"),
        _retry("form_domain_mismatch"),
    ),
    *_group(
        "session",
        _free("consent_declined", Effect.REVIEW, Mender.OPERATOR),
        _free("phone_code_wrong"),
        _free("phone_code_expired"),
        _free("phone_code_too_many"),
        _free("phone_number_mismatch", mender=Mender.PORTAL),
        _free("too_many_attempts", Effect.REVIEW, Mender.OPERATOR),
        _free("session_expired", mender=Mender.PORTAL),
        _free("session_canceled", mender=Mender.PORTAL),
        _free("link_expired"),
        _free("link_already_used"),
        _free("file_too_large"),
        _free("file_type_not_allowed"),
        _free("file_unreadable"),
        _free("capture_fallback_used", Effect.REVIEW, Mender.OPERATOR),
        _free("other_way_used", Effect.REVIEW, Mender.OPERATOR),
        _free("authorization_letter_required", Effect.ADVISE, Mender.PORTAL),
        _free("certificate_kind_not_accepted", mender=Mender.PORTAL),
        _free("contact_shared_between_people", mender=Mender.PORTAL),
        _free("check_inconclusive", Effect.REVIEW, Mender.OPERATOR),
        _free("other_way_requested", Effect.REVIEW, Mender.OPERATOR),
        _free("challenge_expired"),
        _free("redo_requested"),
        _free(GENERAL, Effect.REVIEW, Mender.OPERATOR),
    ),
    *_group(
        "device",
        _free("camera_denied", Effect.ADVISE),
        _free("camera_busy", Effect.ADVISE),
        _free("camera_absent", Effect.ADVISE),
        _free("microphone_denied", Effect.ADVISE),
        _free("microphone_busy", Effect.ADVISE),
        _free("microphone_absent", Effect.ADVISE),
        _free("recorder_unsupported", Effect.ADVISE),
        _free("insecure_context", Effect.ADVISE),
        _free("network_lost", Effect.ADVISE),
        _free("user_exited", Effect.ADVISE),
    ),
]

REASONS: Mapping[str, Reason] = {reason.code: reason for reason in _ALL}

SUSPICIONS = frozenset(code for code, reason in REASONS.items() if reason.shown_as == GENERAL != code)
"""Reasons that the applicant isn't told, and that no later file takes away: only an operator's request to redo does."""

DOUBTS = SUSPICIONS | {"selfie_match_uncertain"}
"""Reasons that close their step until an operator has looked: whoever could try again for nothing would try until a
detector errs."""

CLOSING = frozenset({"presentation_attack_evident"})
"""Reasons that close their step whatever is to be mended beside them: another try would only teach."""

IMPLIED: Mapping[str, frozenset[str]] = {
    code: frozenset({"digits_incomplete", "digits_mismatch"}) for code in ("audio_missing", "speech_not_found")
}
"""By reason, those that tell an applicant nothing further beside it: who wasn't heard said no wrong digit."""

_ORDER = {code: place for place, code in enumerate(REASONS)}


def in_telling_order(codes: Iterable[str]) -> tuple[str, ...]:
    """Each code once, the most mendable first.

    >>> in_telling_order(["eyes_closed", "face_multiple", "eyes_closed"])
    ('face_multiple', 'eyes_closed')
    """
    return tuple(sorted(set(codes), key=_ORDER.__getitem__))
