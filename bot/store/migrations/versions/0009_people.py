"""People of the web app: their passkeys and sign-ins, and what they are writing."""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    op.create_table(
        'person',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('email', sa.String(length=255), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('role', sa.String(length=20), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('language', sa.String(length=5), nullable=True),
        sa.Column('likes_list', sa.Boolean(), nullable=False),
        sa.Column('password', sa.String(length=255), nullable=True),
        sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
        sa.Column('fs_webauthn_user_handle', sa.String(length=64), nullable=True),
        sa.Column('tf_primary_method', sa.String(length=64), nullable=True),
        sa.Column('tf_totp_secret', sa.String(length=255), nullable=True),
        sa.Column('mf_recovery_codes', sa.JSON(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
        sa.UniqueConstraint('email', name=op.f('uq_person_email')),
        sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_person_fs_uniquifier')),
        sa.UniqueConstraint(
            'fs_webauthn_user_handle', name=op.f('uq_person_fs_webauthn_user_handle')
        ),
    )
    op.create_table(
        'passkey',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=64), nullable=False),
        sa.Column('credential_id', sa.LargeBinary(length=1024), nullable=False),
        sa.Column('public_key', sa.LargeBinary(), nullable=False),
        sa.Column('sign_count', sa.Integer(), nullable=False),
        sa.Column('transports', sa.JSON(), nullable=True),
        sa.Column('backup_state', sa.Boolean(), nullable=False),
        sa.Column('device_type', sa.String(length=64), nullable=False),
        sa.Column('extensions', sa.String(length=255), nullable=True),
        sa.Column('usage', sa.String(length=64), nullable=False),
        sa.Column('lastuse_datetime', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_passkey_person_id_person')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
        sa.UniqueConstraint('credential_id', name=op.f('uq_passkey_credential_id')),
    )
    op.create_index(op.f('ix_passkey_person_id'), 'passkey', ['person_id'])
    op.create_table(
        'sign_in',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('secret_digest', sa.String(length=64), nullable=False),
        sa.Column('device', sa.String(length=120), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_sign_in_person_id_person')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
        sa.UniqueConstraint('secret_digest', name=op.f('uq_sign_in_secret_digest')),
    )
    op.create_index(op.f('ix_sign_in_person_id'), 'sign_in', ['person_id'])
    op.create_table(
        'manuscript',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=36), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('post_id', sa.Integer(), nullable=True),
        sa.Column('post_version', sa.Integer(), nullable=True),
        sa.Column('form', sa.JSON(), nullable=False),
        sa.Column('media', sa.JSON(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_manuscript_person_id_person')
        ),
        sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_manuscript_post_id_post')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_manuscript')),
        sa.UniqueConstraint('key', name=op.f('uq_manuscript_key')),
    )
    op.create_index(op.f('ix_manuscript_person_id'), 'manuscript', ['person_id'])
    op.create_index(op.f('ix_manuscript_post_id'), 'manuscript', ['post_id'])
    op.create_index('ix_delivery_state_due', 'delivery', ['state', 'due_at'])
    op.create_index('ix_delivery_state_sent', 'delivery', ['state', 'sent_at'])
    op.create_index(
        'ix_delivery_asked',
        'delivery',
        ['asked_at'],
        sqlite_where=sa.text('asked_at IS NOT NULL'),
        postgresql_where=sa.text('asked_at IS NOT NULL'),
    )
    op.add_column('post', sa.Column('worded_by', sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column('post', 'worded_by')
    for index in ('ix_delivery_asked', 'ix_delivery_state_sent', 'ix_delivery_state_due'):
        op.drop_index(index, table_name='delivery')
    for table in ('manuscript', 'sign_in', 'passkey', 'person'):
        op.drop_table(table)
