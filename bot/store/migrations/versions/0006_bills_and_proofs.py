"""Bills, proofs of imprints, answers of set-up; what of both a post and a check remember."""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'


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
    op.create_table('proof',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('part_id', sa.Integer(), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('remote_id', sa.String(length=100), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('link', sa.String(length=2000), nullable=True),
    sa.Column('imprint', sa.String(length=500), nullable=True),
    sa.Column('place', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('seen_there_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approver', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_proof_delivery_id_delivery')),
    sa.ForeignKeyConstraint(['part_id'], ['part.id'], name=op.f('fk_proof_part_id_part')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proof')),
    sa.UniqueConstraint('part_id', name=op.f('uq_proof_part_id'))
    )
    op.create_index(op.f('ix_proof_delivery_id'), 'proof', ['delivery_id'])
    op.create_table('answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=40), nullable=False),
    sa.Column('said', sa.String(length=1000), nullable=False),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer'))
    )
    op.create_index(op.f('ix_answer_question'), 'answer', ['question'])
    # Added in place: a table that others point to cannot be made anew where there are rows.
    op.add_column(
        'delivery',
        sa.Column('beyond_budget', sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column('delivery', sa.Column('imprint', sa.String(length=500), nullable=True))
    op.add_column('delivery', sa.Column('imprint_place', sa.String(length=10), nullable=True))
    op.add_column('delivery', sa.Column('imprint_reason', sa.String(length=300), nullable=True))
    op.add_column(
        'account_check', sa.Column('imprint_places', sa.String(length=200), nullable=True)
    )


def downgrade() -> None:
    op.drop_column('account_check', 'imprint_places')
    op.drop_column('delivery', 'imprint_reason')
    op.drop_column('delivery', 'imprint_place')
    op.drop_column('delivery', 'imprint')
    op.drop_table('answer')
    op.drop_table('proof')
    op.drop_column('delivery', 'beyond_budget')
    op.drop_table('bill')
