"""Posts on our timelines that this database did not publish, and accounts that are behind."""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.add_column('account', sa.Column('behind_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('account', sa.Column('behind_tries', sa.Integer(), server_default='0', nullable=False))
    op.add_column('account', sa.Column('behind_reason', sa.String(length=500), nullable=True))
    op.add_column('account', sa.Column('restored_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table('stranger',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('remote_id', sa.String(length=100), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('link', sa.String(length=2000), nullable=True),
    sa.Column('reply_to', sa.String(length=100), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('unattended', sa.Boolean(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=True),
    sa.Column('matched_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_stranger_account_id_account')),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_stranger_delivery_id_delivery')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stranger')),
    sa.UniqueConstraint('account_id', 'remote_id', name=op.f('uq_stranger_account_id_remote_id'))
    )
    op.create_index('ix_stranger_unmatched', 'stranger', ['account_id'], unique=False, sqlite_where=sa.text('delivery_id IS NULL'), postgresql_where=sa.text('delivery_id IS NULL'))
