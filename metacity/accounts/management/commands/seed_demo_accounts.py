"""`manage.py seed_demo_accounts`: the demo's people, one for every role."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from metacity.accounts.demo import DEMO_PASSWORD
from metacity.accounts.services.seeding import seed_people


class Command(BaseCommand):
    help = "Makes the demo's accounts. Does nothing to those that exist. Refused outside demo mode."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Seeded accounts are for the demo: set METACITY_MODE=demo.")
        for user, is_new in seed_people():
            state = "made" if is_new else "there already"
            self.stdout.write(f"{user.email}  {', '.join(sorted(user.roles))}  ({state})")
        self.stdout.write(f"Their password is {DEMO_PASSWORD}.")
