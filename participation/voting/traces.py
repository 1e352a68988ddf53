"""What a database keeps of rows that are gone, wiped out once a poll has been closed or called off.

`services.closing.seal` writes the rows anew; their old versions still lie in the tables' pages until somebody cleans
up. On PostgreSQL that is VACUUM FULL, which copies what lives into a new file; it waits for the few casts of other
polls that are under way. It copies old versions too while anybody may still see them, and takes every transaction of
the server that began before for somebody who may, a dump of another database included: hence it waits for them, and is
done again later where that takes long. On SQLite the deleted content is overwritten (`secure_delete`), and the
write-ahead log that still holds it is emptied. Backups, replicas and archived logs are beyond the reach of this: see
`voting.__init__`.
"""

import time

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.utils import CursorWrapper

from participation.voting.models import Ballot, HasVoted

WIPE = "voting.wipe"  # the job that does so
# So long it is waited for transactions that began before.
PATIENCE_S = 20.0
_LOOK_EVERY_S = 0.5
# Whether there is one that began before this transaction number: that writes, or that reads this database.
_OLDER = """
    SELECT pg_snapshot_xmin(now)::text::bigint < %(number)s OR EXISTS (
        SELECT FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()
        AND age(backend_xmin) > pg_snapshot_xmax(now)::text::bigint - %(number)s)
    FROM pg_current_snapshot() AS now
"""


class OldRowsSeen(Exception):
    """Somebody may still see the rows that are gone, so they are not gone from the disk."""


def wipe(using: str = DEFAULT_DB_ALIAS) -> None:
    """Clean up after rows that are gone. Outside a transaction, and safe to repeat.

    Raises `OldRowsSeen`, having cleaned up what nobody sees, where transactions that began before last longer than
    `PATIENCE_S`: to be done again later.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        raise transaction.TransactionManagementError("A database cleans up outside of transactions.")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            are_seen = not _others_have_ended(cursor)
            cursor.execute(f"VACUUM (FULL) {Ballot._meta.db_table}, {HasVoted._meta.db_table}")
            if are_seen:
                raise OldRowsSeen


def _others_have_ended(cursor: CursorWrapper) -> bool:
    """Waits for all transactions that run now; those that begin later see no old rows."""
    cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    [number] = cursor.fetchone()
    end = time.monotonic() + PATIENCE_S
    while True:
        cursor.execute(_OLDER, {"number": number})
        [is_older] = cursor.fetchone()
        if not is_older or time.monotonic() >= end:
            return not is_older
        time.sleep(_LOOK_EVERY_S)


def overwrite_deleted(using: str = DEFAULT_DB_ALIAS) -> None:
    """On SQLite: what this connection deletes from here on leaves zeros."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
