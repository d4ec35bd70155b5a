"""What is public of a thread that is half out is counted and logged, too."""

from alembic import op


revision = '0015'
down_revision = '0014'

NEWEST = """
    SELECT max(part.sent_at) FROM part
    WHERE part.delivery_id = delivery.id AND part.remote_id IS NOT NULL
"""


def upgrade() -> None:
    op.create_index('ix_delivery_sent', 'delivery', ['sent_at'])
    # Counted from now on: a time that is past is due.
    op.execute(
        f"UPDATE delivery SET sent_at = ({NEWEST}), next_count_at = ({NEWEST}) "  # noqa: S608
        f"WHERE sent_at IS NULL AND ({NEWEST}) IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_index('ix_delivery_sent', 'delivery')
    op.execute(
        "UPDATE delivery SET sent_at = NULL, next_count_at = NULL "
        "WHERE state NOT IN ('sent', 'cancelled')"
    )
