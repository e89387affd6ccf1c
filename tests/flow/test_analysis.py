"""The worker's jobs with real weights: what comes in is read, judged and recorded, and nothing is made up."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from tests.fakes.outside import KeptSms, NotedJobs, SetClock
from tests.flow.applicant import Applicant
from tests.session.journey import MOBILE
from tests.specimens.carriers import picture_path
from tests.specimens.clips import make_clip
from tests.specimens.forms import commitment_letter, verification_form
from tests.specimens.papers import Person, Unit, business_licence, id_card_emblem, id_card_portrait
from tests.specimens.photographs import Shot, photograph
from tests.specimens.recorder import as_by_a_page
from verify_svc.flow import upload
from verify_svc.flow.challenge import begin_challenge, digit, new_challenge
from verify_svc.flow.face import confirm_still, still_picture
from verify_svc.flow.handoff import redeem_link, waiting_link
from verify_svc.flow.judge import analyse, compare
from verify_svc.flow.open import open_session
from verify_svc.flow.services import Services
from verify_svc.flow.views import Corners, UploadResult
from verify_svc.inference.engines import Engines, make_engines
from verify_svc.media.warm import warm_decoders
from verify_svc.ports import ApiKeyRow, JobKind
from verify_svc.session.comparing import day_in_shanghai
from verify_svc.session.filing import Certificate, Expected, Filing, Site, Subject
from verify_svc.session.filing import Person as Entered
from verify_svc.session.steps import StepName

pytestmark = pytest.mark.weights

PERSON = Person(sex="男", order="411")
UNIT = Unit(legal_person=PERSON.name)
EARLIER_PORTRAIT = (405, 107, 1122, 1166)
"""Head and shoulders in another photograph of the man who is seen in the clip."""


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    with closing(make_engines(prepare=warm_decoders)) as made:
        yield made


@pytest.fixture
def applicant(services: Services, portal: ApiKeyRow, sms: KeptSms) -> Applicant:
    person = Entered(PERSON.name, Certificate("id_card", PERSON.number), MOBILE)
    subject = Subject("unit", UNIT.name, Certificate("business_licence", UNIT.number))
    day = services.clock.now().date()
    session_id = open_session(services, portal, Expected(Filing("new_subject", day), subject, Site("示例"), person)).id
    token = waiting_link(services, session_id).token
    let_in = redeem_link(services, token, device_kind="iPhone", browser="Safari", cookie=None)
    return Applicant(services, let_in.phone, let_in.cookie, sms).to_papers()


def judged(
    applicant: Applicant,
    step: StepName,
    slot: str,
    data: bytes,
    corners: Corners | None = None,
    rotate_deg: int = 0,
) -> tuple[str, UploadResult]:
    """Send a picture, hand it in, do the worker's job."""
    services, phone = applicant.services, applicant.phone
    upload_id = applicant.puts(step, slot, data)
    upload.submit_picture(services, phone, upload_id, corners=corners, rotate_deg=rotate_deg)
    analyse(services, upload_id)
    result = upload.show_upload(services, phone, upload_id).result
    assert result is not None
    return upload_id, result


def codes(result: UploadResult) -> list[str]:
    return [reason.code for reason in result.reasons]


def wide(jpeg: bytes) -> bool:
    """Whether a picture is wider than high."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        return picture.width > picture.height


def test_papers_and_forms_that_agree_pass(services: Services, applicant: Applicant) -> None:
    licence, result = judged(
        applicant, StepName.SUBJECT_DOCUMENT, "page", photograph(business_licence(UNIT), Shot(seed=11))
    )
    assert (result.result, applicant.step(StepName.SUBJECT_DOCUMENT).state) == ("clear", "passed")
    assert {field.name for field in result.fields if field.agrees} == {"number", "name"}
    assert wide(upload.strip_of_upload(services, applicant.phone, licence, "number"))
    card = photograph(id_card_portrait(PERSON), Shot(seed=12))
    judged(applicant, StepName.PERSON_DOCUMENT, "portrait", card)
    judged(applicant, StepName.PERSON_DOCUMENT, "emblem", photograph(id_card_emblem(), Shot(seed=13)))
    assert applicant.step(StepName.PERSON_DOCUMENT).state == "passed"
    forms = {"verification_form": verification_form, "commitment_letter": commitment_letter}
    for slot, draw in forms.items():
        form = draw(UNIT, PERSON, day_in_shanghai(services.clock.now()))
        uploaded, _ = judged(applicant, StepName.FORMS, slot, photograph(form, Shot(seed=14)))
        for place in ("signature", "seal", "date"):
            assert upload.strip_of_upload(services, applicant.phone, uploaded, place)
    step = applicant.step(StepName.FORMS)
    assert (step.state, [reason.code for reason in step.reasons]) == ("passed", [])


def test_a_card_that_lies_on_its_side_is_shown_upright(services: Services, applicant: Applicant) -> None:
    lying = photograph(id_card_portrait(PERSON), Shot(seed=12, turn_deg=90))
    upload_id, result = judged(applicant, StepName.PERSON_DOCUMENT, "portrait", lying)
    assert codes(result) == []
    assert wide(upload.picture_of_upload(services, applicant.phone, upload_id))
    assert wide(upload.strip_of_upload(services, applicant.phone, upload_id, "number"))


def test_the_applicants_own_crop_is_what_is_read(services: Services, applicant: Applicant) -> None:
    corners = ((0.05, 0.05), (0.95, 0.05), (0.95, 0.95), (0.05, 0.95))
    data = photograph(id_card_portrait(PERSON), Shot(seed=12, turn_deg=180))
    upload_id, result = judged(applicant, StepName.PERSON_DOCUMENT, "portrait", data, corners, rotate_deg=180)
    assert codes(result) == []
    assert wide(upload.picture_of_upload(services, applicant.phone, upload_id))


def test_a_crop_that_no_page_can_lie_in_is_passed_over(services: Services, applicant: Applicant) -> None:
    data = photograph(id_card_portrait(PERSON), Shot(seed=12))
    _, result = judged(applicant, StepName.PERSON_DOCUMENT, "portrait", data, ((0.5, 0.5),) * 4)
    assert codes(result) == []


def test_another_persons_card_and_the_wrong_side_are_named(services: Services, applicant: Applicant) -> None:
    other = photograph(id_card_portrait(replace(PERSON, order="431")), Shot(seed=12))
    _, result = judged(applicant, StepName.PERSON_DOCUMENT, "portrait", other)
    assert codes(result) == ["certificate_number_mismatch"]
    _, result = judged(applicant, StepName.PERSON_DOCUMENT, "portrait", photograph(id_card_emblem(), Shot(seed=13)))
    assert codes(result) == ["document_wrong_side"]


def test_a_clip_is_judged_and_compared_with_the_card_that_comes_after_it(
    services: Services, applicant: Applicant, jobs: NotedJobs, clock: SetClock, tmp_path: Path
) -> None:
    challenge = new_challenge(services, applicant.phone, language="en", mode="live")
    digits = begin_challenge(services, applicant.phone, challenge.id)
    begun_at = clock.now()
    for place, reveal_s in enumerate(challenge.reveals_s[:-1], 1):
        clock.at = begun_at + timedelta(seconds=reveal_s)
        digits += digit(services, applicant.phone, challenge.id, place)
    clock.at = begun_at + timedelta(seconds=challenge.duration_s)
    made = make_clip(
        "president",
        digits,
        [reveal_s + 0.35 for reveal_s in challenge.reveals_s],
        out=tmp_path / "clip",
        seconds=challenge.duration_s,
    )
    data = as_by_a_page(made.files["mp4"].read_bytes())
    upload_id = upload.put_file(
        services,
        applicant.phone,
        step="face",
        slot="clip",
        data=data,
        sha256=sha256(data).hexdigest(),
        capture="camera",
    ).id
    upload.submit_clip(services, applicant.phone, upload_id, challenge_id=challenge.id, shown_at_s=challenge.reveals_s)
    analyse(services, upload_id)
    step = applicant.step(StepName.FACE)
    assert (step.needs, [reason.code for reason in step.reasons]) == ("confirm_still", [])
    assert still_picture(services, applicant.phone, 0).startswith(b"\xff\xd8\xff")
    confirm_still(services, applicant.phone, 0)

    with Image.open(picture_path("president_earlier")) as earlier:
        portrait = earlier.convert("RGB").crop(EARLIER_PORTRAIT)
    card = photograph(id_card_portrait(PERSON, portrait), Shot(seed=12))
    card_id, _ = judged(applicant, StepName.PERSON_DOCUMENT, "portrait", card)
    assert jobs.of(JobKind.COMPARE) == [f"{upload_id}.{card_id}"]
    compare(services, f"{upload_id}.{card_id}")
    assert applicant.step(StepName.FACE).state == "passed"
