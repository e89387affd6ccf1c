"""The services on a real SQLite, real sealed files and a real decoding child; what lies outside is handed in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from tests.fakes.outside import CountedRandomness
from tests.session.journey import base_pack
from verify_svc.flow.services import Policy, Services
from verify_svc.inference.engines import Engines
from verify_svc.inference.pool import ChildPool
from verify_svc.ports import Clock, Jobs, Sms, WebhookSender
from verify_svc.store.blobs import SealedBlobs, local_objects
from verify_svc.store.database import open_database
from verify_svc.store.migrate import migrate
from verify_svc.store.sqlstore import SqlStore
from verify_svc.store.vault import Keyring, Vault

POLICY = Policy(
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
    max_picture_bytes=20 * 1024**2,
    max_clip_bytes=60 * 1024**2,
    max_paper_bytes=2 * 1024**2,
    webhook_url="http://127.0.0.1:9/webhooks",
    webhook_secrets=("whsec_AAAA",),
)


@contextmanager
def decoding_engines() -> Iterator[Engines]:
    """Engines with one decoding child; the other pool is asked for nothing and starts none."""
    with closing(Engines(ChildPool(1, max_memory_bytes=3 << 30), ChildPool(1))) as made:
        yield made


def migrated_database(folder: Path) -> Path:
    """A migrated SQLite file in `folder`, to be copied."""
    path = folder / "store.db"
    with closing(open_database(f"sqlite:///{path}")) as database:
        migrate(database)
    return path


@contextmanager
def services_in(
    folder: Path,
    migrated: Path,
    engines: Engines,
    *,
    clock: Clock,
    jobs: Jobs,
    sms: Sms,
    webhooks: WebhookSender,
) -> Iterator[Services]:
    """The services with their files in `folder` and a copy of the `migrated` database."""
    path = folder / "store.db"
    shutil.copy(migrated, path)
    vault = Vault(Keyring("test-1", {"test-1": bytes(range(32))}))
    pack = base_pack()
    with closing(open_database(f"sqlite:///{path}")) as database:
        yield Services(
            store=SqlStore(database, vault),
            blobs=SealedBlobs(local_objects(folder / "blobs"), database, vault),
            jobs=jobs,
            sms=sms,
            webhooks=webhooks,
            clock=clock,
            randomness=CountedRandomness(),
            engines=engines,
            packs={f"{pack.id}/{pack.version}": pack},
            pack=pack,
            policy=POLICY,
            server_key=bytes(range(32)),
        )
