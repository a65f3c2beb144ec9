"""What Alembic runs around the steps: they go through the connection that was given to it."""

from alembic import context

from sync.relay.tables import tables

context.configure(connection=context.config.attributes["connection"], target_metadata=tables)
with context.begin_transaction():
    context.run_migrations()
