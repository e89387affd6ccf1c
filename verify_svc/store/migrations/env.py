"""Alembic's entry: runs on the connection that `store.migrate` hands in, inside its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from verify_svc.store.tables import UtcTime, metadata


def _ours(name: str | None, type_: str, _parents: Any) -> bool:
    """Leave out the durable queue's tables, which live beside ours on SQLite."""
    return type_ != "table" or name in metadata.tables


def _rendered(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """A revision stands on its own, whatever becomes of our types."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=_ours,
    render_item=_rendered,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
