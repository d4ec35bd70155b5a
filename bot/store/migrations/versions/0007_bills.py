"""What the platforms really charged, and posts that a person lets go beyond the budget."""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0001'


def upgrade() -> None:
    op.create_table('bill',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('amount_micros', sa.BigInteger(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_bill_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bill')),
    sa.UniqueConstraint('account_id', 'month', name=op.f('uq_bill_account_id_month'))
    )
    # Added in place: a table that others point to cannot be made anew where there are rows.
    op.add_column(
        'delivery',
        sa.Column('beyond_budget', sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column('delivery', 'beyond_budget')
    op.drop_table('bill')
