"""What nobody needs any more is let go by the clock, not only when somebody asks."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from metacity.accounts.models import DeskVoucher, GuardianConsent, User


def forget(now: datetime) -> None:
    """Accounts with an address never confirmed, old desk codes, unanswered guardians' addresses, ended sessions."""
    forget_unconfirmed(now)
    DeskVoucher.objects.filter(Q(expires_at__lte=now) | Q(revoked_at__lte=now)).exclude(ci_hmac="").update(
        ci_hmac="", masked_name="", district="", guardian_until=None
    )
    GuardianConsent.objects.filter(expires_at__lte=now, given_at=None).exclude(contact="").update(
        contact="", token_hash=""
    )
    Session.objects.filter(expire_date__lte=now).delete()


@transaction.atomic
def forget_unconfirmed(now: datetime) -> None:
    """Nobody ever entered these accounts, so nothing hangs on them; the rows go whole."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    since = now - timedelta(days=settings.UNCONFIRMED_ACCOUNT_DAYS)
    User.objects.members().filter(
        ~Exists(confirmed), identity_check=None, last_login=None, date_joined__lte=since, role_grants=None
    ).delete()
