"""`manage.py verify_ledger`: is the chain still what was recorded?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from metacity.commons import ledger
from metacity.commons.models import LedgerEntry


class Command(BaseCommand):
    help = "Checks every link of the ledger and names the first broken one (exit code 1)."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            broken = ledger.first_break()
            count = LedgerEntry.objects.count()
        if broken:
            raise CommandError(f"The ledger is broken at entry {broken.number}: {broken.reason}.", returncode=1)
        self.stdout.write(f"The ledger is whole: {count} entries.")
