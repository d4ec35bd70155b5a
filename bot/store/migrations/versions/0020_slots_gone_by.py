"""Slots that went by are found by an index, however many posts wait."""

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
expands_only = True


def upgrade() -> None:
    op.create_index(
        'ix_delivery_state_slot',
        'delivery',
        ['state', 'slot_start'],
        sqlite_where=sa.text('slot_start IS NOT NULL'),
        postgresql_where=sa.text('slot_start IS NOT NULL'),
    )


def downgrade() -> None:
    op.drop_index('ix_delivery_state_slot', table_name='delivery')
