"""Many accounts: which key seals each box, where posts go by default, and what tells of a change."""

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0015'


def upgrade() -> None:
    # Added in place: a table that others point to cannot be made anew where there are rows.
    op.add_column('account', sa.Column('sealed_with', sa.String(length=16), nullable=True))
    op.add_column(
        'account',
        sa.Column('by_default', sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column(
        'account', sa.Column('mark', sa.BigInteger(), server_default='0', nullable=False)
    )
    op.create_index(op.f('ix_account_mark'), 'account', ['mark'])


def downgrade() -> None:
    op.drop_index(op.f('ix_account_mark'), table_name='account')
    op.drop_column('account', 'mark')
    op.drop_column('account', 'by_default')
    op.drop_column('account', 'sealed_with')
