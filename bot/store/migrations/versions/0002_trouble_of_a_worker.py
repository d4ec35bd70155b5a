"""What last went wrong with a heartbeat itself."""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    with op.batch_alter_table('worker', schema=None) as batch_op:
        batch_op.add_column(sa.Column('trouble', sa.String(length=1000), nullable=True))
        batch_op.add_column(sa.Column('trouble_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('worker', schema=None) as batch_op:
        batch_op.drop_column('trouble_at')
        batch_op.drop_column('trouble')
