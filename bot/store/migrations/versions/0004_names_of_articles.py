"""Names of articles in a table of their own; what a feed says of itself and when to come back.

Revision ID: 0004
Revises: 0001
"""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

LONGEST = 500


def upgrade() -> None:
    names = op.create_table('article_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('value', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_name_article_id_article')),
    sa.ForeignKeyConstraint(['feed_id'], ['feed.id'], name=op.f('fk_article_name_feed_id_feed')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_name')),
    sa.UniqueConstraint('article_id', 'kind', 'value', name=op.f('uq_article_name_article_id_kind_value'))
    )
    with op.batch_alter_table('article_name', schema=None) as batch_op:
        batch_op.create_index('ix_article_name_kind_value', ['kind', 'value'], unique=False)
    _take_over(names)
    # Column by column: SQLite's way of copying a whole table stumbles over rows that point to it.
    op.drop_index('ix_article_feed_title', table_name='article')
    op.drop_index('ix_article_address', table_name='article')
    op.drop_column('article', 'address')
    op.drop_column('article', 'title_key')
    op.add_column('feed', sa.Column('site', sa.String(length=2000), nullable=True))
    op.add_column('feed', sa.Column('language', sa.String(length=35), nullable=True))
    op.add_column('feed', sa.Column('ttl_seconds', sa.Integer(), nullable=True))
    op.add_column('feed', sa.Column('skips', sa.JSON(), nullable=True))
    op.add_column('feed', sa.Column('whole_at', sa.DateTime(timezone=True), nullable=True))


def _take_over(names: sa.Table) -> None:
    """Every name an article was known by until now; of two with the same, the first keeps it."""
    connection = op.get_bind()
    rows = connection.execute(sa.text(
        'SELECT id, feed_id, entry_id, address, title_key FROM article ORDER BY id'
    )).all()
    known = {}
    for row in rows:
        for kind, value in (('id', row.entry_id), ('address', row.address), ('title', row.title_key)):
            if value and not value.startswith('also:'):
                known.setdefault((row.feed_id, kind, _short(value)), row.id)
    plain = [
        {'article_id': article_id, 'feed_id': feed_id, 'kind': kind, 'value': value}
        for (feed_id, kind, value), article_id in known.items()
    ]
    if plain:
        connection.execute(names.insert(), plain)


def _short(value: str) -> str:
    return value if len(value) <= LONGEST else f'sha256:{sha256(value.encode()).hexdigest()}'


def downgrade() -> None:
    for name in ('whole_at', 'skips', 'ttl_seconds', 'language', 'site'):
        op.drop_column('feed', name)
    op.add_column('article', sa.Column('address', sa.String(length=2000), nullable=False, server_default=''))
    op.add_column('article', sa.Column('title_key', sa.String(length=300), nullable=False, server_default=''))
    op.create_index('ix_article_address', 'article', ['address'], unique=False)
    op.create_index('ix_article_feed_title', 'article', ['feed_id', 'title_key'], unique=False)
    op.drop_table('article_name')
