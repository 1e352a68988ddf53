"""People for tests: an account of any state in one line."""

import itertools
from collections.abc import Iterable
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from metacity.accounts.consents import texts
from metacity.accounts.identity.base import SealedAttributes, VerifiedAttributes, seal
from metacity.accounts.identity.demo import demo_ci
from metacity.accounts.models import User
from metacity.accounts.services.consents import give_consents
from metacity.accounts.services.identity import attach_identity
from metacity.accounts.services.roles import grant_role

PASSWORD = "river-and-hill-7"
ADULT = date(1990, 5, 1)
_numbers = itertools.count(1)


def verified(name: str = "홍길동", birth_date: date = ADULT, **told: Any) -> VerifiedAttributes:
    """What a provider would say; the same name and birth date are the same person."""
    usual: dict[str, Any] = {
        "ci": demo_ci(name, birth_date),
        "name": name,
        "birth_year": birth_date.year,
        "birth_date": birth_date,
        "district": "가온1동",
        "method": "phone",
    }
    return VerifiedAttributes(**(usual | told))


def sealed(name: str = "홍길동", birth_date: date = ADULT, **told: Any) -> SealedAttributes:
    return seal(verified(name, birth_date, **told))


def person(
    email: str | None = None,
    *,
    roles: Iterable[str] = (),
    identified: bool = True,
    agreed: bool = True,
    second_factor: bool = False,
    **fields: Any,
) -> User:
    """A member with a confirmed address and PASSWORD; identified under a name of their own unless told otherwise."""
    number = next(_numbers)
    user = User.objects.create_user(email or f"person{number}@example.org", PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if agreed:
        give_consents(user=user, items=[text.item for text in texts() if text.is_required])
    if identified:
        attach_identity(user=user, sealed=sealed(f"시민{number}"))
    for role in roles:
        grant_role(user=user, role=role, by=None)
    if second_factor:
        add_second_factor(user)
    return User.objects.get(pk=user.pk)


def add_second_factor(user: User) -> str:
    """Set up an authenticator app; returns its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def signed_in(user: User, **defaults: Any) -> Client:
    """A browser of this person."""
    client = Client(**defaults)
    client.force_login(user)
    return client
