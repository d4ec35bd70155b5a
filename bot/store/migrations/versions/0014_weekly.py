"""The weekly report by mail: who wants it, and who was sent which week's."""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    # Added in place: a table that others point to cannot be made anew where there are rows.
    op.add_column(
        'person',
        sa.Column('weekly_mail', sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.create_table(
        'letter',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('week', sa.String(length=8), nullable=False),
        sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('error', sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_letter_person_id_person')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
        sa.UniqueConstraint('person_id', 'week', name=op.f('uq_letter_person_id_week')),
    )


def downgrade() -> None:
    op.drop_table('letter')
    op.drop_column('person', 'weekly_mail')
