"""Making the demo's people. Running it again changes nothing."""

from allauth.account.models import EmailAddress
from django.db import transaction

from metacity.accounts.consents import texts
from metacity.accounts.demo import DEMO_PASSWORD, DEMO_PEOPLE, DemoPerson
from metacity.accounts.identity.base import VerifiedAttributes, seal
from metacity.accounts.identity.demo import demo_ci
from metacity.accounts.models import User
from metacity.accounts.models.identity import Method
from metacity.accounts.services.consents import give_consents
from metacity.accounts.services.identity import attach_identity
from metacity.accounts.services.roles import grant_role


def seed_people() -> list[tuple[User, bool]]:
    """The demo's accounts, each with whether it is new."""
    return [_seed(person) for person in DEMO_PEOPLE]


@transaction.atomic
def _seed(person: DemoPerson) -> tuple[User, bool]:
    user = User.objects.filter(email=person.email).first()
    if user is not None:
        return user, False
    user = User.objects.create_user(person.email, DEMO_PASSWORD, is_seeded=True, alias=person.alias)
    EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
    give_consents(user=user, items=[text.item for text in texts() if text.is_required])
    attach_identity(user=user, sealed=seal(_attributes(person)))
    for role in person.roles:
        grant_role(user=user, role=role, by=None)
    return user, True


def _attributes(person: DemoPerson) -> VerifiedAttributes:
    return VerifiedAttributes(
        ci=demo_ci(person.name, person.birth_date),
        name=person.name,
        birth_year=person.birth_date.year,
        birth_date=person.birth_date,
        district=person.district,
        method=Method.PHONE,
    )
