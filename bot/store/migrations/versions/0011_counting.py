"""Posts made by hand, what was paid to read on a day, and each account's own daily counts."""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    op.add_column(
        'delivery',
        sa.Column('by_hand', sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        'paid_reading',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('remote_id', sa.String(length=100), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('amount_micros', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['account_id'], ['account.id'], name=op.f('fk_paid_reading_account_id_account')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_paid_reading')),
    )
    op.create_index(
        'ix_paid_reading_account_id_day', 'paid_reading', ['account_id', 'day', 'remote_id']
    )
    op.create_table(
        'account_count',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('followers', sa.Integer(), nullable=True),
        sa.Column('posts', sa.Integer(), nullable=True),
        sa.Column('page_views', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ['account_id'], ['account.id'], name=op.f('fk_account_count_account_id_account')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_account_count')),
        sa.UniqueConstraint('account_id', 'day', name=op.f('uq_account_count_account_id_day')),
    )


def downgrade() -> None:
    op.drop_table('account_count')
    op.drop_table('paid_reading')
    op.drop_column('delivery', 'by_hand')
