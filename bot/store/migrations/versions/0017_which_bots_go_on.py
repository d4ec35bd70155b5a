"""Since which revision a bot can work on this database: those from there on go on beside newer ones."""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
# True: a bot of the release before goes on working on what this makes. False: it must be stopped.
expands_only = True


def upgrade() -> None:
    op.add_column('alembic_version', sa.Column('compatible_from', sa.String(length=32)))


def downgrade() -> None:
    op.drop_column('alembic_version', 'compatible_from')
