"""What people are called, as they choose it and as moderation leaves it."""

from django.db import IntegrityError, transaction
from django.db.models import F

from metacity.accounts.errors import AliasHidden, AliasTaken
from metacity.accounts.models import User
from metacity.commons import events


@transaction.atomic
def change_alias(*, user: User, alias: str) -> None:
    """Set the alias (cleaned by `names.clean_alias`), or take it away with an empty one.

    Raises `AliasTaken`, and `AliasHidden` for the one that moderation took away.
    """
    row = User.objects.get(pk=user.pk)
    if alias and alias.casefold() == row.hidden_alias.casefold():
        raise AliasHidden(fields={"alias": [str(AliasHidden.message)]})
    if not _rename(row, alias=alias):
        raise AliasTaken(fields={"alias": [str(AliasTaken.message)]})
    user.alias = alias


@transaction.atomic
def hide_alias(*, user: User) -> None:
    """Take the alias away: the masked name is shown in its place. Nothing where there is none."""
    if User.objects.filter(pk=user.pk).exclude(alias="").update(hidden_alias=F("alias"), alias=""):
        events.revoke(user)


@transaction.atomic
def show_alias(*, user: User) -> None:
    """Give a hidden alias back, unless its owner has chosen another by now or somebody else has taken it."""
    hidden = User.objects.filter(pk=user.pk).exclude(hidden_alias="").first()
    if hidden is None:
        return
    if not hidden.alias:
        _rename(hidden, alias=hidden.hidden_alias)
    User.objects.filter(pk=user.pk).update(hidden_alias="")


def _rename(user: User, *, alias: str) -> bool:
    """False where somebody else is called so."""
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(alias=alias)
    except IntegrityError:
        return False
    # Whoever sees the person in the city hears the new name at once, not with the next recheck.
    events.revoke(user)
    return True
