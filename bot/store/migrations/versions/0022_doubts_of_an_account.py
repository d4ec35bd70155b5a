"""Doubts of an account in an index: the gate of spacing read all that an account ever had."""

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
expands_only = True


def upgrade() -> None:
    # An addition: workers of the version before go on beside it.
    op.create_index(
        'ix_delivery_doubts',
        'delivery',
        ['account_id', 'doubt_since'],
        sqlite_where=sa.text('doubt_since IS NOT NULL'),
        postgresql_where=sa.text('doubt_since IS NOT NULL'),
    )


def downgrade() -> None:
    op.drop_index('ix_delivery_doubts', 'delivery')
