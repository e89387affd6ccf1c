"""The stories on a real SQLite, real sealed files and a real decoding child; what lies outside is made by hand.

The engines' reports are handed in where a test is about what follows from them (`applicant.judged`); that they are
right is the engines' own tests' affair, and the browser's tests drive all of it together.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.outside import AnsweredWebhooks, CountedRandomness, KeptSms, NotedJobs, SetClock
from tests.flow.applicant import Applicant
from tests.session.journey import a_unit, base_pack
from verify_svc.flow.handoff import redeem_link, waiting_link
from verify_svc.flow.keys import make_key
from verify_svc.flow.open import open_session
from verify_svc.flow.services import Policy, Services
from verify_svc.inference.engines import Engines
from verify_svc.inference.pool import ChildPool
from verify_svc.ports import ApiKeyRow
from verify_svc.store.blobs import SealedBlobs, local_objects
from verify_svc.store.database import open_database
from verify_svc.store.migrate import migrate
from verify_svc.store.sqlstore import SqlStore
from verify_svc.store.vault import Keyring, Vault


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """A decoding child; no test here asks the other pool for anything."""
    with closing(Engines(ChildPool(1, max_memory_bytes=3 << 30), ChildPool(1))) as made:
        yield made


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("flow") / "store.db"
    with closing(open_database(f"sqlite:///{path}")) as database:
        migrate(database)
    return path


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
    path = tmp_path / "store.db"
    shutil.copy(migrated, path)
    vault = Vault(Keyring("test-1", {"test-1": bytes(range(32))}))
    pack = base_pack()
    with closing(open_database(f"sqlite:///{path}")) as database:
        yield Services(
            store=SqlStore(database, vault),
            blobs=SealedBlobs(local_objects(tmp_path / "blobs"), database, vault),
            jobs=jobs,
            sms=sms,
            webhooks=webhooks,
            clock=clock,
            randomness=CountedRandomness(),
            engines=engines,
            packs={f"{pack.id}/{pack.version}": pack},
            pack=pack,
            policy=Policy(
                provider_name="示例云",
                provider_hotline="400-000-0000",
                consent_version="2026-11",
                link_lives=timedelta(minutes=10),
                phone_lives=timedelta(hours=24),
                session_lives=timedelta(days=7),
                keep_media=timedelta(days=30),
                keep_record=timedelta(days=180),
                review_within=timedelta(hours=24),
                claim_lives=timedelta(minutes=30),
                login_lives=timedelta(hours=12),
                max_picture_bytes=2_000_000,
                max_clip_bytes=4_000_000,
                webhook_url="http://127.0.0.1:9/webhooks",
                webhook_secrets=("whsec_AAAA",),
            ),
            server_key=bytes(range(32)),
        )


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
