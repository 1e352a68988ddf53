"""`manage.py grant_role EMAIL ROLE [--revoke]`: the first operator has to come from somewhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from metacity.accounts.errors import RoleUnknown
from metacity.accounts.models import User
from metacity.accounts.roles import OFFICE_ROLES
from metacity.accounts.services.roles import grant_role, revoke_role


class Command(BaseCommand):
    help = "Gives a role to an account, or takes it back. Recorded in the ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", help=", ".join(sorted(OFFICE_ROLES)))
        parser.add_argument("--revoke", action="store_true", help="take the role back")

    def handle(self, *args: Any, **options: Any) -> None:
        email, role = options["email"], options["role"]
        user = User.objects.members().filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"No account has the e-mail address {email}.")
        change = revoke_role if options["revoke"] else grant_role
        try:
            is_changed = change(user=user, role=role, by=None)
        except RoleUnknown:
            raise CommandError(f"{role} is none of {', '.join(sorted(OFFICE_ROLES))}.") from None
        done = "taken back" if options["revoke"] else "given"
        self.stdout.write(f"{role}: {done}." if is_changed else f"{role}: nothing to do.")
