"""The first tables."""

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('platform', sa.String(length=30), nullable=False),
    sa.Column('remote_id', sa.String(length=60), nullable=True),
    sa.Column('display_name', sa.String(length=200), nullable=True),
    sa.Column('timezone', sa.String(length=60), nullable=True),
    sa.Column('approval', sa.String(length=20), nullable=False),
    sa.Column('credentials', sa.LargeBinary(), nullable=True),
    sa.Column('monthly_budget_micros', sa.BigInteger(), nullable=True),
    sa.Column('max_weight', sa.Integer(), nullable=True),
    sa.Column('met_live_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('parked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('park_reason', sa.String(length=500), nullable=True),
    sa.Column('is_blocked', sa.Boolean(), nullable=False),
    sa.Column('last_read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('automated_label_by', sa.String(length=200), nullable=True),
    sa.Column('automated_label_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('name', name=op.f('uq_account_name'))
    )
    op.create_table('feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('url', sa.String(length=2000), nullable=False),
    sa.Column('owner', sa.String(length=20), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('etag', sa.String(length=500), nullable=True),
    sa.Column('last_modified', sa.String(length=100), nullable=True),
    sa.Column('title', sa.String(length=300), nullable=True),
    sa.Column('next_check_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('errors', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(length=500), nullable=True),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed')),
    sa.UniqueConstraint('name', name=op.f('uq_feed_name'))
    )
    with op.batch_alter_table('feed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_next_check_at'), ['next_check_at'], unique=False)

    op.create_table('media',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('mime_type', sa.String(length=50), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media')),
    sa.UniqueConstraint('sha256', name=op.f('uq_media_sha256'))
    )
    op.create_table('post',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=500), nullable=False),
    sa.Column('content_digest', sa.String(length=64), nullable=False),
    sa.Column('written', sa.JSON(), nullable=False),
    sa.Column('campaign', sa.String(length=100), nullable=True),
    sa.Column('author', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post')),
    sa.UniqueConstraint('source', 'key', name=op.f('uq_post_source_key'))
    )
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_campaign'), ['campaign'], unique=False)
        batch_op.create_index(batch_op.f('ix_post_content_digest'), ['content_digest'], unique=False)

    op.create_table('quarantine',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=500), nullable=False),
    sa.Column('line', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantine')),
    sa.UniqueConstraint('source', 'key', name=op.f('uq_quarantine_source_key'))
    )
    op.create_table('worker',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('host', sa.String(length=200), nullable=False),
    sa.Column('pid', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worker'))
    )
    op.create_table('account_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ok', sa.Boolean(), nullable=False),
    sa.Column('problem', sa.String(length=500), nullable=True),
    sa.Column('remote_id', sa.String(length=60), nullable=True),
    sa.Column('display_name', sa.String(length=200), nullable=True),
    sa.Column('missing_scopes', sa.JSON(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('bio', sa.String(length=1000), nullable=True),
    sa.Column('pinned', sa.String(length=100), nullable=True),
    sa.Column('clock_skew_seconds', sa.Double(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_check_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_check'))
    )
    with op.batch_alter_table('account_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_check_account_id'), ['account_id'], unique=False)

    op.create_table('article',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.String(length=500), nullable=False),
    sa.Column('address', sa.String(length=2000), nullable=False),
    sa.Column('title_key', sa.String(length=300), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('link', sa.String(length=2000), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['feed_id'], ['feed.id'], name=op.f('fk_article_feed_id_feed')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_article_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article')),
    sa.UniqueConstraint('feed_id', 'entry_id', name=op.f('uq_article_feed_id_entry_id'))
    )
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.create_index('ix_article_address', ['address'], unique=False)
        batch_op.create_index('ix_article_feed_title', ['feed_id', 'title_key'], unique=False)

    op.create_table('blackout',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_blackout_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blackout'))
    )
    with op.batch_alter_table('blackout', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_blackout_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_blackout_ends_at'), ['ends_at'], unique=False)

    op.create_table('delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('holds', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=True),
    sa.Column('timing', sa.String(length=10), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('slot_start', sa.DateTime(timezone=True), nullable=True),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('too_late_seconds', sa.Integer(), nullable=True),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('variant_digest', sa.String(length=64), nullable=False),
    sa.Column('approved_digest', sa.String(length=64), nullable=True),
    sa.Column('text_key', sa.String(length=64), nullable=False),
    sa.Column('when_in_doubt', sa.String(length=10), nullable=False),
    sa.Column('hinted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('worker_id', sa.Integer(), nullable=True),
    sa.Column('lease_token', sa.String(length=32), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('doubt_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_look_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('looks', sa.Integer(), nullable=False),
    sa.Column('readable_looks', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_count_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counts_taken', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_delivery_account_id_account')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_delivery_post_id_post')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_delivery_worker_id_worker')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('post_id', 'account_id', 'round', name=op.f('uq_delivery_post_id_account_id_round'))
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('ix_delivery_account_sent', ['account_id', 'sent_at'], unique=False)
        batch_op.create_index('ix_delivery_account_state', ['account_id', 'state', 'due_at'], unique=False)
        batch_op.create_index('ix_delivery_account_text', ['account_id', 'text_key'], unique=False)
        batch_op.create_index('ix_delivery_counts', ['next_count_at'], unique=False, sqlite_where=sa.text('next_count_at IS NOT NULL'), postgresql_where=sa.text('next_count_at IS NOT NULL'))
        batch_op.create_index('ix_delivery_due', ['due_at'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.create_index('ix_delivery_in_flight', ['lease_until'], unique=False, sqlite_where=sa.text("state = 'sending'"), postgresql_where=sa.text("state = 'sending'"))
        batch_op.create_index('ix_delivery_looks', ['next_look_at'], unique=False, sqlite_where=sa.text('next_look_at IS NOT NULL'), postgresql_where=sa.text('next_look_at IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_delivery_post_id'), ['post_id'], unique=False)
        batch_op.create_index('ix_delivery_unplanned', ['id'], unique=False, sqlite_where=sa.text("state = 'waiting' AND due_at IS NULL"), postgresql_where=sa.text("state = 'waiting' AND due_at IS NULL"))
        batch_op.create_index('uq_delivery_account_slot', ['account_id', 'slot_start'], unique=True, sqlite_where=sa.text('slot_start IS NOT NULL'), postgresql_where=sa.text('slot_start IS NOT NULL'))
        batch_op.create_index('uq_delivery_one_sending', ['account_id'], unique=True, sqlite_where=sa.text("state = 'sending'"), postgresql_where=sa.text("state = 'sending'"))

    op.create_table('pause',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_pause_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pause'))
    )
    with op.batch_alter_table('pause', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pause_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pause_ended_at'), ['ended_at'], unique=False)

    op.create_table('post_label',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_label_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_label')),
    sa.UniqueConstraint('post_id', 'label', name=op.f('uq_post_label_post_id_label'))
    )
    with op.batch_alter_table('post_label', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_label_label'), ['label'], unique=False)

    op.create_table('slot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('local_time', sa.String(length=5), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_slot_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slot')),
    sa.UniqueConstraint('account_id', 'weekday', 'local_time', name=op.f('uq_slot_account_id_weekday_local_time'))
    )
    op.create_table('charge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('amount_micros', sa.BigInteger(), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_charge_account_id_account')),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_charge_delivery_id_delivery')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_charge'))
    )
    with op.batch_alter_table('charge', schema=None) as batch_op:
        batch_op.create_index('ix_charge_account_made_at', ['account_id', 'made_at'], unique=False)

    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('verb', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=True),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('delivery_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_decision_account_id_account')),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_decision_delivery_id_delivery')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_decision_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_delivery_id'), ['delivery_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_post_id'), ['post_id'], unique=False)

    op.create_table('part',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('link', sa.String(length=2000), nullable=True),
    sa.Column('images', sa.JSON(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('remote_id', sa.String(length=100), nullable=True),
    sa.Column('url', sa.String(length=500), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_part_delivery_id_delivery')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_part')),
    sa.UniqueConstraint('delivery_id', 'n', name=op.f('uq_part_delivery_id_n'))
    )
    with op.batch_alter_table('part', schema=None) as batch_op:
        batch_op.create_index('ix_part_remote_id', ['remote_id'], unique=False)

    op.create_table('attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=False),
    sa.Column('part_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('lease_token', sa.String(length=32), nullable=False),
    sa.Column('worker_id', sa.Integer(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=True),
    sa.Column('reason', sa.String(length=1000), nullable=True),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('code', sa.String(length=100), nullable=True),
    sa.Column('trace', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_attempt_delivery_id_delivery')),
    sa.ForeignKeyConstraint(['part_id'], ['part.id'], name=op.f('fk_attempt_part_id_part')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_attempt_worker_id_worker')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt')),
    sa.UniqueConstraint('delivery_id', 'part_id', 'n', name=op.f('uq_attempt_delivery_id_part_id_n'))
    )
    op.create_table('snapshot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('part_id', sa.Integer(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('views', sa.Integer(), nullable=True),
    sa.Column('viewers', sa.Integer(), nullable=True),
    sa.Column('likes', sa.Integer(), nullable=True),
    sa.Column('comments', sa.Integer(), nullable=True),
    sa.Column('shares', sa.Integer(), nullable=True),
    sa.Column('quotes', sa.Integer(), nullable=True),
    sa.Column('bookmarks', sa.Integer(), nullable=True),
    sa.Column('link_clicks', sa.Integer(), nullable=True),
    sa.Column('profile_clicks', sa.Integer(), nullable=True),
    sa.Column('engagements', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['part_id'], ['part.id'], name=op.f('fk_snapshot_part_id_part')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_snapshot')),
    sa.UniqueConstraint('part_id', 'taken_at', name=op.f('uq_snapshot_part_id_taken_at'))
    )


def downgrade() -> None:
    op.drop_table('snapshot')
    op.drop_table('attempt')
    with op.batch_alter_table('part', schema=None) as batch_op:
        batch_op.drop_index('ix_part_remote_id')

    op.drop_table('part')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_post_id'))
        batch_op.drop_index(batch_op.f('ix_decision_delivery_id'))

    op.drop_table('decision')
    with op.batch_alter_table('charge', schema=None) as batch_op:
        batch_op.drop_index('ix_charge_account_made_at')

    op.drop_table('charge')
    op.drop_table('slot')
    with op.batch_alter_table('post_label', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_label_label'))

    op.drop_table('post_label')
    with op.batch_alter_table('pause', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pause_ended_at'))
        batch_op.drop_index(batch_op.f('ix_pause_account_id'))

    op.drop_table('pause')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index('uq_delivery_one_sending', sqlite_where=sa.text("state = 'sending'"), postgresql_where=sa.text("state = 'sending'"))
        batch_op.drop_index('uq_delivery_account_slot', sqlite_where=sa.text('slot_start IS NOT NULL'), postgresql_where=sa.text('slot_start IS NOT NULL'))
        batch_op.drop_index('ix_delivery_unplanned', sqlite_where=sa.text("state = 'waiting' AND due_at IS NULL"), postgresql_where=sa.text("state = 'waiting' AND due_at IS NULL"))
        batch_op.drop_index(batch_op.f('ix_delivery_post_id'))
        batch_op.drop_index('ix_delivery_looks', sqlite_where=sa.text('next_look_at IS NOT NULL'), postgresql_where=sa.text('next_look_at IS NOT NULL'))
        batch_op.drop_index('ix_delivery_in_flight', sqlite_where=sa.text("state = 'sending'"), postgresql_where=sa.text("state = 'sending'"))
        batch_op.drop_index('ix_delivery_due', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index('ix_delivery_counts', sqlite_where=sa.text('next_count_at IS NOT NULL'), postgresql_where=sa.text('next_count_at IS NOT NULL'))
        batch_op.drop_index('ix_delivery_account_text')
        batch_op.drop_index('ix_delivery_account_state')
        batch_op.drop_index('ix_delivery_account_sent')

    op.drop_table('delivery')
    with op.batch_alter_table('blackout', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_blackout_ends_at'))
        batch_op.drop_index(batch_op.f('ix_blackout_account_id'))

    op.drop_table('blackout')
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_index('ix_article_feed_title')
        batch_op.drop_index('ix_article_address')

    op.drop_table('article')
    with op.batch_alter_table('account_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_check_account_id'))

    op.drop_table('account_check')
    op.drop_table('worker')
    op.drop_table('quarantine')
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_content_digest'))
        batch_op.drop_index(batch_op.f('ix_post_campaign'))

    op.drop_table('post')
    op.drop_table('media')
    with op.batch_alter_table('feed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_next_check_at'))

    op.drop_table('feed')
    op.drop_table('account')
