"""Granting roles and taking them back."""

from django.db import transaction

from metacity.accounts.errors import RoleUnknown
from metacity.accounts.models import RoleGrant, User
from metacity.accounts.roles import OFFICE_ROLES
from metacity.accounts.signals import rights_changed
from metacity.commons import ledger


def _check_role(role: str) -> None:
    if role not in OFFICE_ROLES:
        raise RoleUnknown


def _announce(user: User) -> None:
    user.__dict__.pop("roles", None)
    transaction.on_commit(lambda: rights_changed.send(sender=User, user=user))


@transaction.atomic
def grant_role(*, user: User, role: str, by: User | None) -> bool:
    """Give `role`; `by` is None on the command line. True when it was not held before."""
    _check_role(role)
    _grant, is_new = RoleGrant.objects.get_or_create(user=user, role=role, defaults={"granted_by": by})
    if is_new:
        _record("role.granted", user, role, by)
        _announce(user)
    return is_new


@transaction.atomic
def revoke_role(*, user: User, role: str, by: User | None) -> bool:
    """Take `role` back. True when it was held before."""
    _check_role(role)
    count, _rows = RoleGrant.objects.filter(user=user, role=role).delete()
    if count:
        _record("role.revoked", user, role, by)
        _announce(user)
    return bool(count)


def _record(action: str, user: User, role: str, by: User | None) -> None:
    ledger.record(
        action=action, actor=by.actor_id if by else None, subject=user.ledger_subject, facts={"role": str(role)}
    )
