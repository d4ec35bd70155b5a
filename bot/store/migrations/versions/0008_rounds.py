"""Posts that recur: until when, and the wording, day and first moment of each round."""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'


def upgrade() -> None:
    # Added in place: a table that others point to cannot be made anew where there are rows.
    op.add_column('post', sa.Column('recurs_until', sa.Date(), nullable=True))
    op.create_index(op.f('ix_post_recurs_until'), 'post', ['recurs_until'])
    op.add_column(
        'delivery', sa.Column('wording', sa.Integer(), nullable=False, server_default=sa.text('0'))
    )
    op.add_column('delivery', sa.Column('occasion', sa.Date(), nullable=True))
    op.add_column('delivery', sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('delivery', 'opens_at')
    op.drop_column('delivery', 'occasion')
    op.drop_column('delivery', 'wording')
    op.drop_index(op.f('ix_post_recurs_until'), table_name='post')
    op.drop_column('post', 'recurs_until')
