"""What people call themselves, as a subject: an alias can be reported, and is replaced by the masked name."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from metacity.accounts.services.aliases import hide_alias, show_alias
from participation.moderation.access import may_moderate
from participation.moderation.subjects import Subject, SubjectKind


def find(user: Visitor, pk: uuid.UUID) -> Subject | None:
    """The alias that others read, else the one that was hidden; whoever has none is no subject."""
    person = User.objects.members().filter(pk=pk).first()
    if person is None:
        return None
    is_hidden = not person.alias
    alias = person.alias or person.hidden_alias
    if not alias or (is_hidden and not (person.pk == user.pk or may_moderate(user))):
        return None
    return Subject(
        kind=KIND.name,
        pk=person.pk,
        author=person,
        title=alias,
        text="",
        url=reverse("moderation:rules"),
        written_at=person.date_joined,
        is_hidden=is_hidden,
    )


def hide(pk: uuid.UUID, at: datetime) -> None:
    for person in User.objects.filter(pk=pk):
        hide_alias(user=person)


def show(pk: uuid.UUID, at: datetime) -> None:
    for person in User.objects.filter(pk=pk):
        show_alias(user=person)


def titles(user: Visitor, pks: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    people = User.objects.members().filter(pk__in=pks)
    named = {person.pk: person.alias or (person.hidden_alias if may_moderate(user) else "") for person in people}
    return {pk: alias for pk, alias in named.items() if alias}


KIND = SubjectKind("alias", _("Alias"), find=find, hide=hide, show=show, titles=titles)
