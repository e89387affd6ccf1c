"""Picks one implementation for each interface and hands out `Services`. Called after the fork, once a process."""

from __future__ import annotations

import os
import secrets
import sys
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import numpy as np
import structlog

from verify_svc.document.preview import preview
from verify_svc.face.hints import warm_hints
from verify_svc.flow import deliver, export, judge, papers
from verify_svc.flow import sweep as sweeping
from verify_svc.flow.services import Policy, Services
from verify_svc.http.app import Web
from verify_svc.inference.confinement import Confinement
from verify_svc.inference.engines import Engines, make_engines
from verify_svc.inference.pool import ChildError, ChildPool, PoolBusy
from verify_svc.inference.warm import WARMING_LIMIT_S
from verify_svc.media.pictures import encode_jpeg
from verify_svc.media.warm import warm_decoders
from verify_svc.notify.sms import ConsoleSms
from verify_svc.notify.webhook import SignedWebhooks
from verify_svc.ports import Clock, JobKind, Randomness
from verify_svc.session.rulepack import RulePack, parse_pack
from verify_svc.settings import Settings
from verify_svc.store.blobs import S3Place, SealedBlobs, local_objects, s3_objects
from verify_svc.store.database import Database, open_database
from verify_svc.store.inbox import SqlInbox
from verify_svc.store.jobs import DurableJobRunner, DurableJobs, make_executor_id
from verify_svc.store.migrate import migrate
from verify_svc.store.rotation import keys_in_use, rewrap_everything
from verify_svc.store.sqlstore import SqlStore
from verify_svc.store.vault import KeyFileError as KeyFileError
from verify_svc.store.vault import Vault, add_key, drop_key, make_key_file, read_key_file

T = TypeVar("T")

_BLANK = np.full((64, 64, 3), 255, dtype=np.uint8)
_SERVER_KEY_BYTES = 32
_MEBIBYTE = 1 << 20
_ORPHANS_KEPT = timedelta(hours=1)
"""A file is written before its key: a younger one may be about to get it."""


class SystemClock:
    """See `ports.Clock`."""

    def now(self) -> datetime:
        """The machine's time in UTC."""
        return datetime.now(UTC)


class SystemRandomness:
    """See `ports.Randomness`."""

    def bytes(self, count: int) -> bytes:
        """From the machine's generator for secrets."""
        return secrets.token_bytes(count)


@dataclass(frozen=True, slots=True)
class Installation:
    """What a process works with: the services, and what only its own entry needs."""

    settings: Settings
    services: Services
    database: Database
    store: SqlStore
    durable: DurableJobs
    web: Web

    def close(self) -> None:
        """Stop the children and let go of the database."""
        self.services.engines.close()
        self.store.close()


def configure_logs(level: str) -> None:
    """One JSON object a line on standard error: ids, codes and times, never a person's data. Called once a process."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def prepare(settings: Settings) -> None:
    """What an installation needs before any process starts: folders, keys, the database's schema. Safe to repeat.

    What this process and its successors write from here on is for its own user alone, wherever `data_dir` lies.
    """
    os.umask(0o077)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_key_file(settings.keys, f"k{datetime.now(UTC):%Y%m%d}")
    if not settings.server_key.exists():
        _write_secret(settings.server_key, secrets.token_bytes(_SERVER_KEY_BYTES))
    database = open_database(settings.database)
    try:
        database.check()
        migrate(database)
    finally:
        database.close()


def install(
    settings: Settings,
    *,
    clock: Clock | None = None,
    randomness: Randomness | None = None,
    engines: Engines | None = None,
) -> Installation:
    """Open everything for one process. A test hands in its own clock, randomness or engines."""
    clock = clock or SystemClock()
    database = open_database(settings.database)
    vault = Vault(read_key_file(settings.keys), reread=partial(read_key_file, settings.keys))
    store = SqlStore(database, vault)
    inbox = SqlInbox(database, vault)
    durable = DurableJobs(database)
    packs = rule_packs()
    services = Services(
        store=store,
        blobs=_blobs(settings, database, vault),
        jobs=durable,
        sms=ConsoleSms(inbox.add, inbox.messages, clock),
        webhooks=SignedWebhooks(),
        clock=clock,
        randomness=randomness or SystemRandomness(),
        engines=engines or start_engines(settings),
        packs=packs,
        pack=packs[settings.rule_pack],
        policy=_policy(settings),
        server_key=settings.server_key.read_bytes(),
    )
    web = Web(settings.public_url, settings.portal_origins, settings.trusted_proxies)
    return Installation(settings, services, database, store, durable, web)


def start_engines(settings: Settings) -> Engines:
    """The pools; a child is started at the first call."""
    return make_engines(
        settings.decoding_children,
        settings.inference_children,
        settings.decoding_memory_mb * _MEBIBYTE,
        settings.live_hints,
        warm_decoders,
        _tell_confinement,
    )


def _tell_confinement(held: Confinement) -> None:
    log = structlog.get_logger(__name__)
    tell, event = (log.info, "decoding_confined") if held.whole else (log.warning, "decoding_not_confined")
    tell(event, landlock_version=held.files, calls_filtered=held.calls)


def warm_decoding(engines: Engines) -> None:
    """Have decoding children be ready for pictures, so that the first applicant doesn't wait for it.

    What fails here fails again, and is told, at the first picture.
    """
    _warm(engines.decoding, preview, encode_jpeg(_BLANK, 64))


def warm_web(engines: Engines) -> None:
    """The same for all children of a web process."""
    warm_decoding(engines)
    if engines.hints is not None:
        _warm(engines.hints, warm_hints, _BLANK)


def _warm(pool: ChildPool, function: Callable[[T], object], picture: T) -> None:
    try:
        pool.call(WARMING_LIMIT_S, function, picture)
    except (ChildError, PoolBusy) as error:
        structlog.get_logger(__name__).error("warming_failed", error=type(error).__name__)


def job_runner(installation: Installation) -> DurableJobRunner:
    """The loop of a worker process."""
    services = installation.services
    executor_id = make_executor_id(services.randomness.bytes)
    return DurableJobRunner(installation.database, installation.store, services.clock, executor_id)


def job_handlers(services: Services) -> Mapping[JobKind, Callable[[str], None]]:
    """Which story each kind of job is."""
    return {
        JobKind.ANALYSE: partial(judge.analyse, services),
        JobKind.COMPARE: partial(judge.compare, services),
        JobKind.EXPORT: partial(export.make_file, services),
        JobKind.PAPER: partial(papers.check_paper, services),
        JobKind.DELIVER: partial(deliver.deliver, services),
    }


def job_sweep(services: Services) -> Callable[[], None]:
    """What a worker does every second or so."""
    return partial(sweeping.sweep, services)


def job_give_up(services: Services) -> Callable[[JobKind, str], None]:
    """What is told of a job that failed for good."""
    return partial(judge.gave_up, services)


def renew_encryption_key(installation: Installation) -> str:
    """Add a key-encryption key to the key file and give its id. A process seals with it from its next start on."""
    settings, random = installation.settings, installation.services.randomness
    key_id = f"k{datetime.now(UTC):%Y%m%d%H%M%S}"
    return add_key(settings.keys, key_id, random.bytes).current


def rewrap(installation: Installation) -> int:
    """Bring everything sealed under the current key-encryption key; gives how many seals changed."""
    return rewrap_everything(installation.database, Vault(read_key_file(installation.settings.keys)))


def drop_encryption_key(installation: Installation, key_id: str) -> None:
    """Take a key-encryption key out of the key file. Raises `KeyFileError` while it is current or needed."""
    if seals := keys_in_use(installation.database).get(key_id):
        raise KeyFileError(f"{seals} seals still need key {key_id}: run `verify-svc keys rewrap`")
    drop_key(installation.settings.keys, key_id)


def encryption_keys(installation: Installation) -> Mapping[str, int]:
    """The key-encryption keys in the key file by id, and how many seals each holds."""
    used = keys_in_use(installation.database)
    return {key_id: used.get(key_id, 0) for key_id in read_key_file(installation.settings.keys).keys}


def delete_orphans(installation: Installation) -> int:
    """Remove sealed files that no key opens any more, left by a crash or an outage; gives how many there were."""
    vault = Vault(read_key_file(installation.settings.keys))
    blobs = _blobs(installation.settings, installation.database, vault)
    return blobs.delete_orphans(installation.services.clock.now() - _ORPHANS_KEPT)


def rule_packs() -> Mapping[str, RulePack]:
    """All packs that ship, by `<id>/<version>`."""
    packs = {}
    for entry in (files("verify_svc") / "session" / "packs").iterdir():
        if entry.name.endswith(".toml"):
            pack = parse_pack(tomllib.loads(entry.read_text(encoding="utf-8")))
            packs[f"{pack.id}/{pack.version}"] = pack
    return packs


def _blobs(settings: Settings, database: Database, vault: Vault) -> SealedBlobs:
    if settings.s3_bucket is None:
        return SealedBlobs(local_objects(settings.data_dir / "files"), database, vault)
    key_id, secret = settings.s3_access_key_id, settings.s3_secret_access_key
    place = S3Place(
        settings.s3_bucket,
        settings.s3_region,
        settings.s3_endpoint,
        "" if key_id is None else key_id.get_secret_value(),
        "" if secret is None else secret.get_secret_value(),
    )
    return SealedBlobs(s3_objects(place), database, vault)


def _policy(settings: Settings) -> Policy:
    return Policy(
        provider_name=settings.provider_name,
        provider_hotline=settings.provider_hotline,
        consent_version=settings.consent_version,
        link_lives=settings.link_lives,
        phone_lives=timedelta(hours=settings.phone_hours),
        session_lives=timedelta(days=settings.session_days),
        keep_media=timedelta(days=settings.keep_media_days),
        keep_record=timedelta(days=settings.keep_record_days),
        review_within=timedelta(hours=settings.review_hours),
        claim_lives=timedelta(minutes=settings.claim_minutes),
        login_lives=timedelta(hours=settings.login_hours),
        max_picture_bytes=settings.max_picture_bytes,
        max_clip_bytes=settings.max_clip_bytes,
        max_paper_bytes=settings.max_paper_bytes,
        webhook_url=settings.webhook_url,
        webhook_secrets=tuple(secret.get_secret_value() for secret in settings.webhook_secrets),
    )


def _write_secret(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
