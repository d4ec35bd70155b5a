"""Moves of the whole database into another; an index for Slots that went by."""

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
expands_only = True


def upgrade() -> None:
    op.create_table(
        'move',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=32), nullable=False),
        sa.Column('side', sa.String(length=10), nullable=False),
        sa.Column('place', sa.String(length=500), nullable=False),
        sa.Column('actor', sa.String(length=200), nullable=False),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_move')),
    )
    op.create_index(
        'ix_delivery_state_slot',
        'delivery',
        ['state', 'slot_start'],
        sqlite_where=sa.text('slot_start IS NOT NULL'),
        postgresql_where=sa.text('slot_start IS NOT NULL'),
    )


def downgrade() -> None:
    op.drop_index('ix_delivery_state_slot', 'delivery')
    op.drop_table('move')
