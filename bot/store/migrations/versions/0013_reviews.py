"""Reviews: who looked at which post of the engagement log, when, and what they noted."""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    op.create_table(
        'review',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('delivery_id', sa.Integer(), nullable=False),
        sa.Column('note', sa.String(length=2000), nullable=False),
        sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('actor', sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ['delivery_id'], ['delivery.id'], name=op.f('fk_review_delivery_id_delivery')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
        sa.UniqueConstraint('delivery_id', name=op.f('uq_review_delivery_id')),
    )


def downgrade() -> None:
    op.drop_table('review')
