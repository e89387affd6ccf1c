"""Keep pages of papers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("more_pages", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.drop_column("more_pages")
