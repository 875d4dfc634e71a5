"""How Alembic runs here: inside the transaction of the connection that it is given."""

from alembic import context
from alembic.ddl.sqlite import SQLiteImpl

from db.tables import metadata

# SQLite's changes of tables are transactional once BEGIN is sent by us and not by the driver,
# which db/engine.py does; Alembic assumes the driver's way.
SQLiteImpl.transactional_ddl = True

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
