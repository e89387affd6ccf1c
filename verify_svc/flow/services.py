"""What every story is handed: one implementation of each interface, and the installation's rules. No ambient state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from verify_svc.inference.engines import Engines
from verify_svc.ports import Blobs, Clock, Inbox, Jobs, Randomness, Sms, Store, WebhookSender
from verify_svc.session.rulepack import RulePack


@dataclass(frozen=True, slots=True)
class Policy:
    """The installation's own rules and names."""

    provider_name: str
    provider_hotline: str
    consent_version: str
    link_lives: timedelta
    phone_lives: timedelta
    session_lives: timedelta
    keep_media: timedelta
    keep_record: timedelta
    review_within: timedelta
    claim_lives: timedelta
    login_lives: timedelta
    max_picture_bytes: int
    max_clip_bytes: int
    max_paper_bytes: int
    webhook_url: str | None
    webhook_secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Services:
    """All that the stories in `flow/` work with. `server_key` is 32 secret bytes. `packs` are by `<id>/<version>`,
    `pack` is the one that new sessions are judged by.
    """

    store: Store
    blobs: Blobs
    jobs: Jobs
    sms: Sms
    webhooks: WebhookSender
    clock: Clock
    randomness: Randomness
    engines: Engines
    packs: Mapping[str, RulePack]
    pack: RulePack
    policy: Policy
    server_key: bytes = field(repr=False)

    @property
    def sms_inbox(self) -> Inbox | None:
        """The development inbox; None where `sms` sends real messages: what leaves is shown to nobody here."""
        return self.sms if isinstance(self.sms, Inbox) else None
