"""Number links and phones"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NUMBERED = """
UPDATE {table} SET number = (
    SELECT count(*) FROM {table} AS other
    WHERE other.session_id = {table}.session_id
    AND (other.created_at < {table}.created_at OR (other.created_at = {table}.created_at AND other.id <= {table}.id))
)
"""


def upgrade() -> None:
    """Apply."""
    for table in ("links", "phones"):
        op.add_column(table, sa.Column("number", sa.Integer(), nullable=True))
        op.execute(_NUMBERED.format(table=table))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("number", existing_type=sa.Integer(), nullable=False)
            batch_op.create_unique_constraint(batch_op.f(f"uq_{table}_session_id_number"), ["session_id", "number"])


def downgrade() -> None:
    """Undo."""
    for table in ("links", "phones"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"uq_{table}_session_id_number"), type_="unique")
            batch_op.drop_column("number")
