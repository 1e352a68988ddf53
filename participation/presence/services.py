"""How people are seen, and sending somebody away. Locks: own rows, then the ledger."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from metacity.accounts.access import require_office
from metacity.accounts.models import User
from metacity.accounts.notices import notify
from metacity.accounts.roles import Role
from metacity.commons import events, ledger
from metacity.commons.text import clean_text
from participation.presence.access import looks_open_to
from participation.presence.errors import NameNotShown, RemovalInvalid
from participation.presence.models import REASON_LENGTH, Look, Removal, Visibility
from twin.mirror.models import City

LONGEST_REMOVAL = dt.timedelta(days=365)


@transaction.atomic
def choose_look(*, person: User, look: Look, at: dt.datetime) -> None:
    """How the person is seen from now on, in every open window too. Raises `NameNotShown` for minors."""
    if look not in looks_open_to(person):
        raise NameNotShown
    Visibility.objects.update_or_create(person=person, defaults={"look": look, "chosen_at": at})
    events.revoke(person)


@transaction.atomic
def remove_from_world(
    *, person: User, city: City, until: dt.datetime, reason: str, by: User, at: dt.datetime
) -> Removal:
    """Take a person out of a city's world until a moment, and tell them why; their open sockets close.

    Raises `NotSignedIn` or `Forbidden` unless `by` is a moderator, and `RemovalInvalid`.
    """
    require_office(by, Role.MODERATOR)
    why = clean_text(reason, REASON_LENGTH, multiline=False, field="reason")
    if not why:
        raise RemovalInvalid(fields={"reason": [_("Say why: the person reads it.")]})
    if not at < until <= at + LONGEST_REMOVAL:
        raise RemovalInvalid(fields={"until": [_("Choose a time from now on, at most a year ahead.")]})
    removal = Removal.objects.create(city=city, person=person, reason=why, by=by, at=at, until=until)
    _record("presence.removed", removal, by)
    facts = {"until": until.isoformat(), "reason": why}
    notify(person=person, kind="presence.removed", facts=facts, url="/people/", key=str(removal.pk))
    events.revoke(person)
    return removal


@transaction.atomic
def lift_removal(*, removal: Removal, by: User, at: dt.datetime) -> bool:
    """Let the person in again before the time is over. False where nothing kept them out any more."""
    require_office(by, Role.MODERATOR)
    lifted = bool(Removal.objects.filter(pk=removal.pk).in_force(at).update(lifted_at=at))
    if lifted:
        _record("presence.readmitted", removal, by)
        notify(person=removal.person, kind="presence.readmitted", url="/people/", key=str(removal.pk))
    return lifted


def _record(action: str, removal: Removal, by: User) -> None:
    ledger.record(
        action=action,
        actor=by.actor_id,
        subject=removal.person.ledger_subject,
        facts={"removal": removal.pk, "city": removal.city_id, "until": int(removal.until.timestamp())},
    )
