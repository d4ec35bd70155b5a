"""What runs: the version of each worker, and indexes by which its figures are read."""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
expands_only = True


def upgrade() -> None:
    # All of it is an addition: workers of the version before go on beside it.
    op.add_column('worker', sa.Column('version', sa.String(length=40), nullable=True))
    op.create_index(
        'ix_worker_running',
        'worker',
        ['id'],
        sqlite_where=sa.text('stopped_at IS NULL'),
        postgresql_where=sa.text('stopped_at IS NULL'),
    )
    op.create_index('ix_attempt_started_at', 'attempt', ['started_at'])
    op.create_index(
        'ix_delivery_by_hand',
        'delivery',
        ['state'],
        sqlite_where=sa.text('by_hand = 1'),
        postgresql_where=sa.text('by_hand'),
    )


def downgrade() -> None:
    op.drop_index('ix_delivery_by_hand', 'delivery')
    op.drop_index('ix_attempt_started_at', 'attempt')
    op.drop_index('ix_worker_running', 'worker')
    op.drop_column('worker', 'version')
