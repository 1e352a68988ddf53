"""Joining an account with a confirmed identity. One person has one account: the database says so, not a look before."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from metacity.accounts.errors import AliasTaken, IdentityDiffers, IdentityTaken, VoucherSpent
from metacity.accounts.identity.base import SealedAttributes
from metacity.accounts.models import DeskVoucher, GuardianConsent, IdentityCheck, User
from metacity.accounts.models.identity import Method
from metacity.accounts.services.consents import give_consents
from metacity.accounts.signals import rights_changed
from metacity.commons import ledger


def account_of(sealed: SealedAttributes) -> User | None:
    """The account that belongs to this identity."""
    return User.objects.members().filter(identity_check__ci_hmac=sealed.ci_hmac).first()


@transaction.atomic
def spend_voucher(*, sealed: SealedAttributes) -> User | None:
    """Use up the desk's code behind these attributes and empty it. The official who issued it, if there was one."""
    if sealed.voucher is None:
        return None
    spent = DeskVoucher.objects.open_now().filter(pk=sealed.voucher)
    if not spent.update(used_at=timezone.now(), ci_hmac="", masked_name="", district="", guardian_until=None):
        raise VoucherSpent
    return DeskVoucher.objects.select_related("official").get(pk=sealed.voucher).official


@transaction.atomic
def attach_identity(*, user: User, sealed: SealedAttributes) -> IdentityCheck:
    """Confirm the identity of an account, or refresh it.

    Raises IdentityTaken where the person has another account, IdentityDiffers where the account is another person's.
    """
    official = spend_voucher(sealed=sealed)
    held = IdentityCheck.objects.filter(user=user).first()
    if held and not _is_same_person(held, user, sealed):
        raise IdentityDiffers
    check = held or IdentityCheck(user=user)
    check.ci_hmac, check.method = sealed.ci_hmac, sealed.method
    check.birth_year, check.district = sealed.birth_year, sealed.district
    check.checked_at, check.checked_by = timezone.now(), official
    try:
        with transaction.atomic():
            check.save()
    except IntegrityError:
        raise IdentityTaken from None
    user.masked_name = sealed.masked_name
    user.save(update_fields=["masked_name"])
    _set_guardian(user, sealed)
    ledger.record(
        action="identity.checked", actor=user.actor_id, subject=user.ledger_subject, facts={"method": sealed.method}
    )
    transaction.on_commit(lambda: rights_changed.send(sender=User, user=user))
    return check


def _is_same_person(held: IdentityCheck, user: User, sealed: SealedAttributes) -> bool:
    """The same hash; or a desk check made without the CI service, now replaced by one that has the CI."""
    if held.ci_hmac == sealed.ci_hmac:
        return True
    return (
        held.method == Method.DESK
        and sealed.method != Method.DESK
        and (held.birth_year, user.masked_name) == (sealed.birth_year, sealed.masked_name)
    )


def _set_guardian(user: User, sealed: SealedAttributes) -> None:
    """A confirmed birthday decides over what the person said when joining."""
    if sealed.guardian_until:
        GuardianConsent.objects.update_or_create(user=user, defaults={"needed_until": sealed.guardian_until})
    else:
        GuardianConsent.objects.filter(user=user).update(needed_until=timezone.localdate())


def join_with_identity(*, sealed: SealedAttributes, alias: str, consents: Iterable[str]) -> User:
    """Make an account for a confirmed identity.

    Two requests at once end in one account: the later one gets the earlier one's. Raises AliasTaken.
    """
    try:
        with transaction.atomic():
            user = _create(alias)
            give_consents(user=user, items=consents)
            attach_identity(user=user, sealed=sealed)
            return user
    except IdentityTaken:
        existing = account_of(sealed)
        if existing is None:
            raise
        return existing


def _create(alias: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(alias=alias)
    except IntegrityError:
        raise AliasTaken(fields={"alias": [str(AliasTaken.message)]}) from None
