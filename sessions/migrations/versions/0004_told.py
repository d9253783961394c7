"""What all the world is told of a series is counted apart; answers get other addresses"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

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
DAY = timedelta(days=1)


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
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_order"), ["order"], unique=False)
    op.execute(CLEARED)
    # RFC 5545 - 3.8.7.4. Sequence Number: whoever has subscribed must not see it go back.
    op.execute("UPDATE series SET public_sequence = sequence")
    circle = sa.table("circle", sa.column("public_sequence", sa.Integer()))
    op.execute(circle.update().values(public_sequence=_seconds_of_the_year()))


def _seconds_of_the_year() -> int:
    """
    What was public said when it had changed. It now says the first of January and as many
    seconds as its number: whoever has subscribed must not see that go back either. The next
    midnight after the newest change is the same for all, and tells of none.
    """
    newest: datetime | None = None
    for name in ("circle", "series"):
        table = sa.table(name, sa.column("changed_at", UTCDateTime()))
        found = op.get_bind().execute(sa.select(sa.func.max(table.c.changed_at))).scalar()
        newest = max(filter(None, (newest, found)), default=None)
    if newest is None:
        return 0
    return ((newest - datetime(newest.year, 1, 1, tzinfo=UTC)) // DAY + 1) * 86400


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_order"))
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.drop_column("cleared")
    for table, name in reversed(ADDED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(name)
