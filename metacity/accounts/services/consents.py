"""Giving and withdrawing consent."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from metacity.accounts.consents import ConsentText, Moment, text_of, texts_asked_at
from metacity.accounts.errors import RequiredConsent
from metacity.accounts.models import Consent, User
from metacity.commons.errors import NotFound


@transaction.atomic
def give_consents(*, user: User, items: Iterable[str]) -> None:
    """Agree to the current version of each item; an older standing version is closed, not overwritten."""
    for item in items:
        text = text_of(item)
        if text is None:
            raise NotFound
        standing = Consent.objects.standing().filter(user=user, item=item).first()
        if standing and standing.version == text.version:
            continue
        if standing:
            Consent.objects.filter(pk=standing.pk).update(withdrawn_at=timezone.now())
        Consent.objects.create(user=user, item=item, version=text.version, is_required=text.is_required)
    user.forget_consents()


@transaction.atomic
def withdraw_consent(*, user: User, item: str) -> None:
    """Withdraw an optional consent. A required one ends only with the account."""
    text = text_of(item)
    if text is None:
        raise NotFound
    if text.is_required:
        raise RequiredConsent
    Consent.objects.standing().filter(user=user, item=item).update(withdrawn_at=timezone.now())
    user.forget_consents()


def missing_consents(user: User, moment: Moment) -> list[ConsentText]:
    """Required texts of this moment that the person has not agreed to in their current version."""
    held = user.held_consents
    return [text for text in texts_asked_at(moment) if text.is_required and held.get(text.item) != text.version]
