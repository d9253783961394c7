"""What all the world is told of a series is counted apart; answers get other addresses"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ADDED = (
    ("circle", "public_sequence"),
    ("membership", "mailbox_generation"),
    ("series", "public_sequence"),
)

CLEARED = """
    UPDATE told SET cleared = true
    WHERE (
        series_id IN (SELECT id FROM series WHERE cancelled_at IS NOT NULL)
        OR membership_id IN (SELECT id FROM membership WHERE ended_at IS NOT NULL)
    )
    AND NOT EXISTS (
        SELECT 1 FROM outbox
        WHERE outbox.membership_id = told.membership_id AND outbox.done_at IS NULL
    )
"""
"""Whose cancellation has left, and does not still wait."""


def upgrade() -> None:
    for table, name in ADDED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column(name, sa.Integer(), nullable=False, server_default="0")
            )
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("cleared", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(CLEARED)
    # RFC 5545 - 3.8.7.4. Sequence Number: whoever has subscribed must not see it go back.
    op.execute("UPDATE series SET public_sequence = sequence")


def downgrade() -> None:
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.drop_column("cleared")
    for table, name in reversed(ADDED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(name)
