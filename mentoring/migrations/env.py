"""Alembic's entry: always on a connection that the caller opened, in one transaction."""

from alembic import context

from mentoring.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="mentoring.models.",
)
with context.begin_transaction():
    context.run_migrations()
