"""Tallies: counts at one age beside the Snapshots, made here for every Snapshot there is."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'

COUNTS = (
    'views', 'viewers', 'likes', 'comments', 'shares', 'quotes', 'bookmarks', 'link_clicks',
    'profile_clicks', 'engagements',
)
AGES = {24: timedelta(hours=6), 168: timedelta(hours=24)}
CHUNK = 5_000


def _counts():
    return [sa.Column(name, sa.Integer(), nullable=True) for name in COUNTS]


def upgrade() -> None:
    tally = op.create_table(
        'tally',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('part_id', sa.Integer(), nullable=False),
        sa.Column('age_hours', sa.Integer(), nullable=False),
        sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
        *_counts(),
        sa.ForeignKeyConstraint(['part_id'], ['part.id'], name=op.f('fk_tally_part_id_part')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tally')),
        sa.UniqueConstraint('part_id', 'age_hours', name=op.f('uq_tally_part_id_age_hours')),
    )
    rows = []
    for row in _best(op.get_bind()):
        rows.append(row)
        if len(rows) == CHUNK:
            op.bulk_insert(tally, rows)
            rows = []
    if rows:
        op.bulk_insert(tally, rows)


def _best(connection):
    """For each Part its newest Snapshot and, for each age, the one nearest to it."""
    part = sa.table('part', sa.column('id'), sa.column('sent_at', sa.DateTime(timezone=True)))
    snapshot = sa.table(
        'snapshot',
        sa.column('part_id'),
        sa.column('taken_at', sa.DateTime(timezone=True)),
        *(sa.column(name) for name in COUNTS),
    )
    query = (
        sa.select(part.c.sent_at, snapshot)
        .join(snapshot, snapshot.c.part_id == part.c.id)
        .order_by(snapshot.c.part_id, snapshot.c.taken_at)
    )
    of_part, kept = None, {}
    for row in connection.execute(query).mappings():
        if row['part_id'] != of_part:
            yield from kept.values()
            of_part, kept = row['part_id'], {}
        fact = {name: row[name] for name in ('part_id', 'taken_at', *COUNTS)}
        # What a platform stopped telling is not unknown for that.
        last = kept.get(0, {})
        known = {name: last.get(name) if fact[name] is None else fact[name] for name in COUNTS}
        kept[0] = {**fact, **known, 'age_hours': 0}
        for age, tolerance in AGES.items() if row['sent_at'] else ():
            at = row['sent_at'] + timedelta(hours=age)
            off = abs(row['taken_at'] - at)
            if off <= tolerance and (age not in kept or off < abs(kept[age]['taken_at'] - at)):
                kept[age] = {**fact, 'age_hours': age}
    yield from kept.values()


def downgrade() -> None:
    op.drop_table('tally')
