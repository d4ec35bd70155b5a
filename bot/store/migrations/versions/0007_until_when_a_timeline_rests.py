"""Until when an Account's timeline is not to be read."""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    op.add_column(
        'account', sa.Column('unreadable_until', sa.DateTime(timezone=True), nullable=True)
    )
