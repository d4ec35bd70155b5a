"""Accounts that a person connects: who did and when, and sign-ins that are under way."""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'


def upgrade() -> None:
    # Added in place: a table that others point to cannot be made anew where there are rows.
    op.add_column('account', sa.Column('connected_by', sa.String(length=200), nullable=True))
    op.add_column(
        'account', sa.Column('connected_at', sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        'account', sa.Column('credentials_expire_at', sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        'connecting',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('state_digest', sa.String(length=64), nullable=False),
        sa.Column('session_digest', sa.String(length=64), nullable=False),
        sa.Column('kept', sa.LargeBinary(), nullable=False),
        sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['account_id'], ['account.id'], name=op.f('fk_connecting_account_id_account')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_connecting')),
        sa.UniqueConstraint('state_digest', name=op.f('uq_connecting_state_digest')),
    )
    op.create_index(op.f('ix_connecting_account_id'), 'connecting', ['account_id'])


def downgrade() -> None:
    op.drop_table('connecting')
    op.drop_column('account', 'credentials_expire_at')
    op.drop_column('account', 'connected_at')
    op.drop_column('account', 'connected_by')
