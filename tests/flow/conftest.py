"""The stories on a real SQLite, real sealed files and a real decoding child; what lies outside is made by hand.

The engines' reports are handed in where a test is about what follows from them (`applicant.judged`); that they are
right is the engines' own tests' affair, and the browser's tests drive all of it together.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.outside import AnsweredWebhooks, KeptSms, NotedJobs, SetClock
from tests.fakes.services import decoding_engines, migrated_database, services_in
from tests.flow.applicant import Applicant, a_picture
from tests.flow.sent_papers import CARD, LEGAL, Send
from tests.session.journey import a_unit
from verify_svc.flow.handoff import redeem_link, waiting_link
from verify_svc.flow.keys import make_key
from verify_svc.flow.open import open_session
from verify_svc.flow.papers import add_paper
from verify_svc.flow.services import Services
from verify_svc.flow.views import PaperShown
from verify_svc.inference.engines import Engines, make_engines
from verify_svc.media.warm import warm_decoders
from verify_svc.ports import ApiKeyRow
from verify_svc.session.filing import Certificate
from verify_svc.session.filing import Person as Entered


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    with decoding_engines() as made:
        yield made


@pytest.fixture(scope="module")
def all_engines() -> Iterator[Engines]:
    """With the weights, for what they read themselves."""
    made = make_engines(prepare=warm_decoders)
    yield made
    made.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated_database(tmp_path_factory.mktemp("flow"))


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def sms(clock: SetClock) -> KeptSms:
    return KeptSms(clock)


@pytest.fixture
def jobs() -> NotedJobs:
    return NotedJobs()


@pytest.fixture
def webhooks() -> AnsweredWebhooks:
    return AnsweredWebhooks()


@pytest.fixture
def services(
    tmp_path: Path,
    migrated: Path,
    engines: Engines,
    clock: SetClock,
    sms: KeptSms,
    jobs: NotedJobs,
    webhooks: AnsweredWebhooks,
) -> Iterator[Services]:
    with services_in(tmp_path, migrated, engines, clock=clock, jobs=jobs, sms=sms, webhooks=webhooks) as made:
        yield made


@pytest.fixture
def portal(services: Services) -> ApiKeyRow:
    return make_key(services, "portal", livemode=False)[0]


@pytest.fixture
def applicant(services: Services, portal: ApiKeyRow, jobs: NotedJobs, sms: KeptSms) -> Applicant:
    """An applicant whose phone has just opened the link of a unit's session."""
    view = open_session(services, portal, a_unit())
    link = waiting_link(services, view.id)
    let_in = redeem_link(services, link.token, device_kind="iPhone", browser="微信", cookie=None)
    return Applicant(services, let_in.phone, let_in.cookie, sms)


@pytest.fixture
def session_id(services: Services, portal: ApiKeyRow) -> str:
    """A unit's session with its legal representative entered."""
    entered = Entered(LEGAL.name, Certificate("id_card", LEGAL.number))
    return open_session(services, portal, a_unit(legal_person=entered)).id


@pytest.fixture
def send(services: Services, portal: ApiKeyRow, session_id: str) -> Send:
    """The portal sends a paper."""

    def sent(kind: str = CARD, data: bytes | None = None, *more: bytes, of: str = session_id) -> PaperShown:
        return add_paper(services, portal, of, kind, [a_picture() if data is None else data, *more])

    return sent
