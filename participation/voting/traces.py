"""What a database keeps of rows that are gone, wiped out once a poll has been closed or called off.

`services.closing.seal` writes the rows anew; their old versions still lie in the tables' pages until somebody cleans
up. On PostgreSQL that is VACUUM FULL, which copies what lives into a new file; it waits for the few casts of other
polls that are under way. On SQLite the deleted content is overwritten (`secure_delete`), and the write-ahead log that
still holds it is emptied. Backups, replicas and archived logs are beyond the reach of this, and a dump that is being
made at that moment holds the old rows up until the next time: see `voting.__init__`.
"""

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from participation.voting.models import Ballot, HasVoted

WIPE = "voting.wipe"  # the job that does so


def wipe(using: str = DEFAULT_DB_ALIAS) -> None:
    """Clean up after rows that are gone. Outside a transaction, and safe to repeat."""
    connection = connections[using]
    if connection.in_atomic_block:
        raise transaction.TransactionManagementError("A database cleans up outside of transactions.")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute(f"VACUUM (FULL) {Ballot._meta.db_table}, {HasVoted._meta.db_table}")


def overwrite_deleted(using: str = DEFAULT_DB_ALIAS) -> None:
    """On SQLite: what this connection deletes from here on leaves zeros."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
