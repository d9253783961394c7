"""A turn that had begun goes on in the series that follows"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rota_plan", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("remaining", sa.JSON(), nullable=False, server_default="[]")
        )


def downgrade() -> None:
    with op.batch_alter_table("rota_plan", schema=None) as batch_op:
        batch_op.drop_column("remaining")
