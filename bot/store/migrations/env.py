"""Alembic's entry: runs the migrations on the connection `store.schema` hands over."""

from alembic import context

from bot.model.base import Base
from bot.store import schema

assert schema.TABLES

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
