"""What is no longer needed is deleted: the media first, the record later. Destroying the keys proves it."""

from __future__ import annotations

from dataclasses import replace

from verify_svc.flow.pictures import folder_of
from verify_svc.flow.record import SERVICE, load, note, transact
from verify_svc.flow.services import Services
from verify_svc.ports import Transaction

_AT_ONCE = 10_000


def purge(services: Services) -> int:
    """Delete the media, and later the record, of sessions past their retention; gives how many records ended."""
    now, policy = services.clock.now(), services.policy
    with services.store.read() as tx:
        without_media = [row.id for row in tx.sessions.to_purge(now - policy.keep_media, _AT_ONCE)]
        ended = [row.id for row in tx.sessions.to_purge(now - policy.keep_record, _AT_ONCE)]
    for session_id in without_media:
        services.blobs.delete_under(folder_of(session_id))
    for session_id in ended:
        purge_session(services, session_id)
    return len(ended)


def purge_session(services: Services, session_id: str) -> None:
    """Delete one session's media and all that was said of it and of the devices it was opened on.

    Its row stays, with its id, status and times: no person, no device, and no id that leads back to the portal's own.
    """
    services.blobs.delete_under(folder_of(session_id))

    def story(tx: Transaction) -> None:
        row, _ = load(tx, session_id)
        now = services.clock.now()
        for told in (tx.uploads, tx.papers, tx.links, tx.phones, tx.deliveries, tx.events, tx.audit):
            told.delete_of_session(session_id)
        note(tx, session_id, now, SERVICE, "purged", {})
        bare = replace(row, reference="", client_reference_id=None, claimed_by=None, claimed_until=None, state="")
        tx.sessions.save(replace(bare, purged_at=now, updated_at=now))

    transact(services, story)
