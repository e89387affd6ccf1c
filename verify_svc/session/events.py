"""What can happen to a session. Each event carries its time; `Session.after` is the one function that takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from verify_svc.session.challenge import Challenge
from verify_svc.session.filing import Expected
from verify_svc.session.finding import Finding
from verify_svc.session.steps import StepName


@dataclass(frozen=True, slots=True)
class FieldRead:
    """A field as it was read from a picture; `score` is the lowest character probability, 0–1."""

    value: str | None = field(repr=False)
    score: float | None = None


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    at: datetime
    version: str


@dataclass(frozen=True, slots=True)
class ConsentDeclined:
    at: datetime


@dataclass(frozen=True, slots=True)
class OtherWayAsked:
    """The applicant can't do the step by this way; an operator arranges another. `why`: `cannot_speak`…"""

    at: datetime
    step: StepName
    why: str


@dataclass(frozen=True, slots=True)
class LocaleChosen:
    at: datetime
    locale: str


@dataclass(frozen=True, slots=True)
class PhoneTookOver:
    """A link was redeemed. `earlier_id`: what the same phone was called before, where it is known."""

    at: datetime
    phone_id: str
    earlier_id: str | None


@dataclass(frozen=True, slots=True)
class NumberMissed:
    """A mobile number was typed that isn't the one entered."""

    at: datetime


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The right number was typed and a code goes out by SMS; only the code's hash is kept."""

    at: datetime
    code_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeMissed:
    at: datetime


@dataclass(frozen=True, slots=True)
class CodeProved:
    """The right code was typed on that phone."""

    at: datetime
    phone_id: str


@dataclass(frozen=True, slots=True)
class ChallengeMade:
    at: datetime
    challenge: Challenge


@dataclass(frozen=True, slots=True)
class ChallengeBegun:
    """The phone begins to record: its digits are given out one by one from now on."""

    at: datetime
    challenge_id: str


@dataclass(frozen=True, slots=True)
class UploadSubmitted:
    """A file was handed in for judgement. A clip names the challenge that it spends."""

    at: datetime
    step: StepName
    slot: str
    upload_id: str
    capture: str
    challenge_id: str | None = None


@dataclass(frozen=True, slots=True)
class UploadJudged:
    """The judgement of an upload arrived. `result` is the report's; `stills` how many portraits it chose."""

    at: datetime
    upload_id: str
    result: str
    findings: tuple[Finding, ...]
    fields: Mapping[str, FieldRead] = field(default_factory=dict, repr=False)
    reasons: tuple[str, ...] = ()
    stills: int = 0


@dataclass(frozen=True, slots=True)
class AnalysisBroke:
    """We could not judge the upload, for a fault of ours or of the file; it costs nothing."""

    at: datetime
    upload_id: str


@dataclass(frozen=True, slots=True)
class FacesCompared:
    """The clip's face was compared with the card's portrait."""

    at: datetime
    clip_id: str
    portrait_id: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LetterJudged:
    """A letter of authorisation that the portal sent was judged. `result` and `findings` are its report's."""

    at: datetime
    paper_id: str
    result: str
    findings: tuple[Finding, ...]
    fields: Mapping[str, FieldRead] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class FieldsEdited:
    """修改: what the applicant says a picture holds, beside what was read."""

    at: datetime
    step: StepName
    slot: str
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class StillConfirmed:
    """确认使用; `place` 0 is the still that was chosen, 1 and 2 its alternatives."""

    at: datetime
    place: int


@dataclass(frozen=True, slots=True)
class DataCorrected:
    """The portal replaced the entered data."""

    at: datetime
    expected: Expected


@dataclass(frozen=True, slots=True)
class RedoAsked:
    """Steps are to be done again: an operator, or the portal, says so. `message` is what the applicant reads."""

    at: datetime
    by: str
    steps: tuple[StepName, ...]
    reason: str
    comment: str = field(repr=False)
    message: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Approved:
    at: datetime
    by: str
    reason: str
    comment: str = field(repr=False)
    message: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Declined:
    at: datetime
    by: str
    reason: str
    comment: str = field(repr=False)
    message: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Canceled:
    at: datetime


@dataclass(frozen=True, slots=True)
class Expired:
    at: datetime


SessionEvent = (
    ConsentGiven
    | ConsentDeclined
    | OtherWayAsked
    | LocaleChosen
    | PhoneTookOver
    | NumberMissed
    | CodeSent
    | CodeMissed
    | CodeProved
    | ChallengeMade
    | ChallengeBegun
    | UploadSubmitted
    | UploadJudged
    | AnalysisBroke
    | FacesCompared
    | LetterJudged
    | FieldsEdited
    | StillConfirmed
    | DataCorrected
    | RedoAsked
    | Approved
    | Declined
    | Canceled
    | Expired
)
