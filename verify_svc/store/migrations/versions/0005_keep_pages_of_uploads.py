"""Keep pages of uploads"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("more_pages", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.drop_column("more_pages")
