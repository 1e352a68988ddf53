"""Letting a person go: personal rows are erased, public ones lose their name, the ledger stays whole."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.utils import timezone

from metacity.accounts import data
from metacity.accounts.models import LedgerIdentity, User
from metacity.accounts.signals import rights_changed
from metacity.commons import ledger


@transaction.atomic
def erase_account(*, user: User) -> None:
    """Erase a person. What remains is an empty row, so that nothing public that others built on breaks.

    The ledger keeps its entries; with the LedgerIdentity goes the only link from them to the person.
    """
    ledger.record(action="account.erased", actor=user.actor_id, subject=user.ledger_subject)
    data.erase_all(user)
    transaction.on_commit(lambda: rights_changed.send(sender=User, user=user))


def erase_account_rows(user: User) -> None:
    """This room's eraser; it runs last."""
    for rows in (user.role_grants, user.consents, user.desk_vouchers, user.notices, user.quiet_topics):
        rows.all().delete()
    for model in (EmailAddress, Authenticator, SocialAccount, LogEntry, LedgerIdentity):
        model.objects.filter(user=user).delete()
    for name in ("identity_check", "guardian_consent"):
        row = getattr(user, name, None)
        if row is not None:
            row.delete()
    user.email, user.alias, user.hidden_alias, user.masked_name, user.last_login = None, "", "", "", None
    user.is_active, user.is_seeded, user.erased_at = False, False, timezone.now()
    user.set_unusable_password()  # also ends every session: their hash is of the password
    user.save()
    for name in ("identity_check", "guardian_consent", "ledger_identity"):
        user._state.fields_cache.pop(name, None)
    user.__dict__.pop("roles", None)


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None


def export_account(user: User) -> dict[str, Any]:
    """This room's exporter. Hashes are left out: they tell the person nothing, and a thief something."""
    check = getattr(user, "identity_check", None)
    guardian = getattr(user, "guardian_consent", None)
    return {
        "id": str(user.pk),
        "email": user.email,
        "alias": user.alias,
        "hidden_alias": user.hidden_alias,
        "name_shown": user.display_name,
        "joined_at": _moment(user.date_joined),
        "last_login": _moment(user.last_login),
        "roles": sorted(user.roles),
        "ledger_actor": str(user.actor_id),
        "identity": check
        and {
            "name_kept": user.masked_name,
            "method": check.method,
            "birth_year": check.birth_year,
            "district": check.district,
            "checked_at": _moment(check.checked_at),
        },
        "guardian": guardian
        and {
            "needed_until": _moment(guardian.needed_until),
            "contact": guardian.contact,
            "given_at": _moment(guardian.given_at),
            "withdrawn_at": _moment(guardian.withdrawn_at),
        },
        "consents": [
            {
                "item": consent.item,
                "version": consent.version,
                "required": consent.is_required,
                "given_at": _moment(consent.given_at),
                "withdrawn_at": _moment(consent.withdrawn_at),
            }
            for consent in user.consents.order_by("given_at")
        ],
        "notices": [
            {"kind": notice.kind, "facts": notice.facts, "url": notice.url, "at": _moment(notice.made_at)}
            for notice in user.notices.order_by("made_at")
        ],
        "notices_switched_off": sorted(user.quiet_topics.values_list("topic", flat=True)),
        "second_factors": [
            {"type": a.type, "made_at": _moment(a.created_at)} for a in Authenticator.objects.filter(user=user)
        ],
    }
