"""Alembic's entry: runs the migrations on the connection `store.schema` hands over."""

from alembic import context

from bot.store import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata(),
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
