"""The desk: an official sees a paper and prints a code, with which the person confirms the account."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from metacity.accounts.errors import IdentityTaken, VoucherBound, WrongCode
from metacity.accounts.identity.base import SealedAttributes, VerifiedAttributes, keyed_hash, seal
from metacity.accounts.models import DeskVoucher, User
from metacity.accounts.models.identity import Method
from metacity.accounts.services.identity import account_of
from metacity.commons import ledger
from metacity.commons.errors import NotFound

# Without letters and digits that are taken for one another on paper (I, L, O, U, 0, 1).
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Paper:
    """What an official reads from a paper. `namesake` tells apart people of one name and birth date, from 1."""

    kind: str
    name: str
    birth_date: date
    district: str
    namesake: int = 1


def normalise_code(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def identity_of_paper(name: str, birth_date: date, namesake: int) -> str:
    """The default `DESK_CI_RESOLVER`, where no service turns a paper into a CI: name, birth date and a number.

    Such a check is not recognised as the same person as a phone check; system check `accounts.W001` says so.
    """
    return f"paper:{''.join(name.casefold().split())}:{birth_date.isoformat()}:{namesake}"


def _seal(paper: Paper) -> SealedAttributes:
    resolve = import_string(settings.DESK_CI_RESOLVER)
    return seal(
        VerifiedAttributes(
            ci=resolve(paper.name, paper.birth_date, paper.namesake),
            name=paper.name,
            birth_year=paper.birth_date.year,
            birth_date=paper.birth_date,
            district=paper.district,
            method=Method.DESK,
        )
    )


@transaction.atomic
def find_account(*, official: User, email: str) -> User | None:
    """The account of an e-mail address. That an official looked is recorded."""
    found = User.objects.members().with_identity().filter(email__iexact=email.strip()).first()
    subject = found.ledger_subject if found else "person:none"
    ledger.record(action="desk.searched", actor=official.actor_id, subject=subject)
    return found


@transaction.atomic
def issue_voucher(*, official: User, paper: Paper, account: User | None = None) -> tuple[DeskVoucher, str]:
    """Confirm a paper. Returns the voucher and the code to print, which is not kept.

    With `account`, only that account can use the code. Raises IdentityTaken where the person has another account.
    An unused code for the same person stops working.
    """
    sealed = _seal(paper)
    known = account_of(sealed)
    if account and known and known != account:
        raise IdentityTaken
    now = timezone.now()
    DeskVoucher.objects.open_now().filter(ci_hmac=sealed.ci_hmac).update(revoked_at=now)
    code = _new_code()
    voucher = DeskVoucher.objects.create(
        code_hmac=keyed_hash("desk", code),
        official=official,
        user=account or known,
        ci_hmac=sealed.ci_hmac,
        masked_name=sealed.masked_name,
        birth_year=sealed.birth_year,
        guardian_until=sealed.guardian_until,
        is_adult=sealed.is_adult,
        district=sealed.district,
        issued_at=now,
        expires_at=now + timedelta(days=settings.DESK_CODE_DAYS),
    )
    ledger.record(
        action="desk.confirmed", actor=official.actor_id, subject=f"voucher:{voucher.pk}", facts={"paper": paper.kind}
    )
    return voucher, code


@transaction.atomic
def revoke_voucher(*, official: User, voucher_id: uuid.UUID) -> None:
    """Make an unused code worthless: the sheet was lost, or the paper was misread."""
    voucher = DeskVoucher.objects.filter(pk=voucher_id).first()
    if voucher is None:
        raise NotFound
    if DeskVoucher.objects.open_now().filter(pk=voucher_id).update(revoked_at=timezone.now()):
        ledger.record(action="desk.revoked", actor=official.actor_id, subject=f"voucher:{voucher_id}")


def attributes_behind(*, code: str, visitor: User | None) -> SealedAttributes:
    """What the official confirmed, for the person who holds the code. It is spent only when it is used.

    A code for somebody's account signs that person in; it does nothing for one who is signed in as another.
    """
    hashed = keyed_hash("desk", normalise_code(code))
    voucher = DeskVoucher.objects.open_now().select_related("user__identity_check").filter(code_hmac=hashed).first()
    if voucher is None:
        raise WrongCode
    bound = voucher.user
    if bound and visitor != bound and (visitor or not bound.is_identified):
        raise VoucherBound
    return SealedAttributes(
        ci_hmac=voucher.ci_hmac,
        masked_name=voucher.masked_name,
        birth_year=voucher.birth_year,
        district=voucher.district,
        method=Method.DESK,
        guardian_until=voucher.guardian_until,
        is_adult=voucher.is_adult,
        voucher=str(voucher.pk),
    )
