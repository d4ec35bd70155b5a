"""Alarms: what somebody is told of, how their receivers went last, and how backups went."""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
expands_only = True


def upgrade() -> None:
    op.create_table(
        'alarm',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=200), nullable=False),
        sa.Column('name', sa.String(length=30), nullable=False),
        sa.Column('said', sa.String(length=2000), nullable=False),
        sa.Column('urgent', sa.Boolean(), nullable=False),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('told_to', sa.String(length=200), nullable=True),
        sa.Column('end_told_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('error', sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_alarm')),
    )
    op.create_index('ix_alarm_ended_at', 'alarm', ['ended_at'])
    op.create_index(
        'uq_alarm_open',
        'alarm',
        ['key'],
        unique=True,
        sqlite_where=sa.text('ended_at IS NULL'),
        postgresql_where=sa.text('ended_at IS NULL'),
    )
    op.create_table(
        'receiver',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('label', sa.String(length=200), nullable=False),
        sa.Column('took_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('error', sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_receiver')),
        sa.UniqueConstraint('label', name=op.f('uq_receiver_label')),
    )
    op.create_table(
        'backup',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('error', sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_backup')),
    )


def downgrade() -> None:
    op.drop_table('backup')
    op.drop_table('receiver')
    op.drop_table('alarm')
