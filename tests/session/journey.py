"""A session in a test's hands: events in few words, with made-up people."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from verify_svc.session.challenge import SPOKEN, Challenge
from verify_svc.session.codec import from_json, to_json
from verify_svc.session.comparing import day_in_shanghai
from verify_svc.session.events import (
    ChallengeMade,
    CodeProved,
    CodeSent,
    ConsentGiven,
    FieldRead,
    SessionEvent,
    StillConfirmed,
    UploadJudged,
    UploadSubmitted,
)
from verify_svc.session.filing import Certificate, Expected, Filing, Person, Site, Subject
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.rulepack import RulePack, parse_pack
from verify_svc.session.session import after, opened
from verify_svc.session.state import Session, Status
from verify_svc.session.steps import StepName, StepState

PACK_FILE = Path(__file__).parents[2] / "verify_svc" / "session" / "packs" / "base.toml"
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ID_NUMBER, NAME, MOBILE = "110101199003070011", "金丝雀", "13800005678"
USCC, UNIT = "91110000600037341L", "示例（北京）科技有限公司"


def base_pack() -> RulePack:
    """The pack that ships."""
    return parse_pack(tomllib.loads(PACK_FILE.read_text(encoding="utf-8")))


def a_person(name: str = NAME, number: str = ID_NUMBER, mobile: str = MOBILE) -> Person:
    """The responsible person."""
    return Person(name, Certificate("id_card", number), mobile)


def a_unit(person: Person | None = None, legal_person: Person | None = None) -> Expected:
    """A unit's filing."""
    subject = Subject("unit", UNIT, Certificate("business_licence", USCC), legal_person=legal_person)
    return Expected(Filing("new_subject", date(2026, 11, 22)), subject, Site("示例"), person or a_person())


def an_individual() -> Expected:
    """An individual who files with the ID card."""
    subject = Subject("individual", NAME, Certificate("id_card", ID_NUMBER))
    return Expected(Filing("new_subject", date(2026, 11, 22)), subject, Site("示例"), a_person())


PASS = Finding("quality", Outcome.PASS)


def all_passed(pack: RulePack, step: StepName) -> tuple[Finding, ...]:
    """Every check that the step requires of the engines, passed."""
    made_here = {"number_agrees", "name_agrees", "match", "seal_agrees", "date_in_range"}
    return (PASS, *(Finding(check, Outcome.PASS) for check in pack.required[step] if check not in made_here))


def a_match(*reasons: str) -> Finding:
    """The clip's face compared with the card's portrait."""
    return Finding("match", Outcome.FAIL if reasons else Outcome.PASS, reasons, score=0.1 if reasons else 0.8)


CARD = {"number": FieldRead(ID_NUMBER, 0.99), "name": FieldRead(NAME, 0.99)}
EMBLEM = {"valid_from": FieldRead("2020-01-01", 0.99), "valid_until": FieldRead("2040-01-01", 0.99)}
LICENCE = {"number": FieldRead(USCC, 0.99), "name": FieldRead("示例(北京)科技有限公司", 0.99)}


@dataclass
class Journey:
    """Moves a session and keeps it; each state also survives being kept as JSON."""

    session: Session
    pack: RulePack = field(default_factory=base_pack)
    now: datetime = NOON
    uploads: int = 0

    def on(self, event: SessionEvent) -> Session:
        """The session after that event."""
        self.session = after(self.session, event, self.pack)
        assert from_json(Session, to_json(self.session)) == self.session
        return self.session

    def status(self) -> Status:
        """How the session stands."""
        return self.session.status

    def state(self, step: StepName) -> StepState:
        """How a step stands."""
        return self.session.steps[step].verdict.state

    def codes(self, step: StepName) -> list[str]:
        """A step's reasons."""
        return [reason.code for reason in self.session.steps[step].verdict.reasons]

    def later(self, **parts: float) -> Journey:
        """Time passes."""
        self.now += timedelta(**parts)
        return self

    def to_papers(self) -> Journey:
        """Consent and phone done."""
        self.on(ConsentGiven(self.now, "1"))
        self.on(CodeSent(self.now, "hash"))
        self.on(CodeProved(self.now, "ph_1"))
        return self

    def submit(self, step: StepName, slot: str, capture: str = "album", way: str = SPOKEN) -> str:
        """Hand in a file; gives the upload's id."""
        self.uploads += 1
        upload_id, challenge_id = f"up_{self.uploads}", None
        if step is StepName.FACE:
            challenge_id = f"ch_{self.uploads}"
            expires_at = self.now + timedelta(seconds=60)
            mode = "file" if capture == "file" else "live"
            challenge = Challenge(challenge_id, "483026", (0.7,), 8.5, "zh", mode, expires_at, way=way)
            self.on(ChallengeMade(self.now, challenge))
        self.on(UploadSubmitted(self.now, step, slot, upload_id, capture, challenge_id))
        return upload_id

    def judged(
        self,
        step: StepName,
        slot: str,
        *findings: Finding,
        fields: dict[str, FieldRead] | None = None,
        capture: str = "album",
        way: str = SPOKEN,
    ) -> str:
        """Hand in a file and have it judged."""
        upload_id = self.submit(step, slot, capture, way)
        stills = 3 if step is StepName.FACE else 0
        self.on(UploadJudged(self.now, upload_id, "clear", findings or (PASS,), fields or {}, stills=stills))
        return upload_id

    def licence(self) -> str:
        return self.judged(StepName.SUBJECT_DOCUMENT, "page", fields=LICENCE)

    def portrait(self) -> str:
        return self.judged(StepName.PERSON_DOCUMENT, "portrait", fields=CARD)

    def emblem(self) -> str:
        return self.judged(StepName.PERSON_DOCUMENT, "emblem", fields=EMBLEM)

    def clip(self, *more: Finding, capture: str = "camera") -> str:
        return self.judged(StepName.FACE, "clip", *all_passed(self.pack, StepName.FACE), *more, capture=capture)

    def form(self, slot: str, *findings: Finding, without: str = "", **fields: str) -> str:
        """Hand in a form that was found whole but for `findings` and the check `without`; `fields` are read on it."""
        subject = self.session.expected.subject
        read = {"name": subject.name, "date": day_in_shanghai(self.now).isoformat()}
        if subject.kind == "unit":
            read["seal"] = subject.name
        named = {finding.check for finding in findings} | {without}
        passed = [finding for finding in all_passed(self.pack, StepName.FORMS) if finding.check not in named]
        found = {name: FieldRead(value, 0.99) for name, value in (read | fields).items()}
        return self.judged(StepName.FORMS, slot, *passed, *findings, fields=found)

    def forms(self) -> None:
        for slot in ("verification_form", "commitment_letter"):
            self.form(slot)

    def confirm(self) -> Session:
        return self.on(StillConfirmed(self.now, 0))


def a_journey(expected: Expected | None = None, wanted: tuple[StepName, ...] | None = None) -> Journey:
    """A session just opened."""
    pack, entered = base_pack(), expected or a_unit()
    steps = wanted or pack.steps[entered.subject.kind]
    expires_at = NOON + timedelta(days=7)
    return Journey(opened("vs_1", entered, steps, pack, created_at=NOON, expires_at=expires_at), pack)
