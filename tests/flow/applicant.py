"""What an applicant does on the phone, in few words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256

import cv2
import numpy as np

from tests.fakes.outside import KeptSms
from tests.session.journey import CARD, EMBLEM, LICENCE, MOBILE, PASS, a_match, all_passed
from verify_svc.flow.analysis import Analysis
from verify_svc.flow.challenge import new_challenge
from verify_svc.flow.consent import give_consent
from verify_svc.flow.handoff import phone_state
from verify_svc.flow.judge import record
from verify_svc.flow.phone import type_code, type_number
from verify_svc.flow.record import move, transact
from verify_svc.flow.services import Services
from verify_svc.flow.upload import put_file, submit_clip, submit_picture
from verify_svc.flow.views import PhoneState, StepShown
from verify_svc.ports import PhoneRow, Transaction
from verify_svc.session.events import FacesCompared, FieldRead
from verify_svc.session.finding import Finding
from verify_svc.session.report import judge_report
from verify_svc.session.steps import StepName

FIELDS = {"page": LICENCE, "portrait": CARD, "emblem": EMBLEM}
CLIP = b"\x1a\x45\xdf\xa3" + bytes(64)


def a_picture(seed: int = 1) -> bytes:
    """A JPEG that nobody else has."""
    noise = np.random.default_rng(seed).integers(0, 255, (48, 64, 3), np.uint8)
    return bytes(cv2.imencode(".jpg", cv2.resize(noise, (640, 480)))[1].tobytes())


@dataclass
class Applicant:
    """One phone that was let in."""

    services: Services
    phone: PhoneRow
    cookie: str = field(repr=False)
    sms: KeptSms
    files: int = 0

    @property
    def session_id(self) -> str:
        return self.phone.session_id

    def state(self) -> PhoneState:
        return phone_state(self.services, self.phone)

    def step(self, name: StepName) -> StepShown:
        """A step as the phone shows it."""
        return next(step for step in self.state().steps if step.name == name)

    def consents(self) -> PhoneState:
        version = self.services.policy.consent_version
        return give_consent(self.services, self.phone, processing=True, face=True, version=version)

    def code(self) -> str:
        """The code in the newest message."""
        found = re.search(r"\d{6}", self.sms.sent[0].text)
        assert found is not None
        return found.group()

    def to_papers(self) -> Applicant:
        """Consent and phone done."""
        self.consents()
        type_number(self.services, self.phone, MOBILE)
        type_code(self.services, self.phone, self.code())
        return self

    def puts(self, step: StepName, slot: str, data: bytes | None = None, capture: str = "album") -> str:
        """Send a file; gives the draft's id."""
        self.files += 1
        if data is None:
            data = CLIP + bytes([self.files]) if step is StepName.FACE else a_picture(self.files)
        digest = sha256(data).hexdigest()
        return put_file(self.services, self.phone, step=step, slot=slot, data=data, sha256=digest, capture=capture).id

    def submits(self, step: StepName, slot: str) -> str:
        """Send a file and hand it in; gives the upload's id."""
        if step is not StepName.FACE:
            upload_id = self.puts(step, slot)
            return submit_picture(self.services, self.phone, upload_id, corners=None, rotate_deg=0).id
        challenge = new_challenge(self.services, self.phone, language="zh", mode="live")
        upload_id = self.puts(step, slot, capture="camera")
        return submit_clip(self.services, self.phone, upload_id, challenge_id=challenge.id, shown_at_s=None).id

    def judged(self, step: StepName, slot: str, *findings: Finding, fields: dict[str, FieldRead] | None = None) -> str:
        """Send a file whose analysis gives these findings (all passed, without any)."""
        upload_id = self.submits(step, slot)
        found = findings or (all_passed(self.services.pack, step) if step is StepName.FACE else (PASS,))
        read = FIELDS.get(slot, {}) if fields is None else fields
        stills = 3 if step is StepName.FACE else 0
        analysis = Analysis(judge_report(found), read, stills)
        transact(self.services, lambda tx: record(self.services, tx, upload_id, analysis))
        return upload_id

    def is_compared(self, clip_id: str, portrait_id: str, *reasons: str) -> None:
        """The faces' comparison arrives."""

        def story(tx: Transaction) -> None:
            event = FacesCompared(self.services.clock.now(), clip_id, portrait_id, (a_match(*reasons),))
            move(self.services, tx, self.session_id, event, who="service", what="faces_compared")

        transact(self.services, story)
