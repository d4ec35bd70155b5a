"""Moves of the whole database into another."""

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
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


def downgrade() -> None:
    op.drop_table('move')
