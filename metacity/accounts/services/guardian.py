"""A guardian's consent for a child under 14: asked by a link, given through the guardian's own identity check."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.errors import GuardianLinkGone, IdentityDiffers, NotAGuardian
from metacity.accounts.identity.base import SealedAttributes
from metacity.accounts.models import GuardianConsent, IdentityCheck, User
from metacity.accounts.services.identity import spend_voucher
from metacity.accounts.signals import rights_changed
from metacity.commons import ledger


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def declare_child(*, user: User) -> GuardianConsent:
    """Note that the person said to be under 14; a later identity check decides."""
    consent, _created = GuardianConsent.objects.get_or_create(user=user)
    return consent


@transaction.atomic
def ask_guardian(*, user: User, contact: str) -> None:
    """Send the guardian a link. An earlier link stops working."""
    consent = declare_child(user=user)
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    consent.contact, consent.token_hash = contact, _hash(token)
    consent.asked_at, consent.expires_at = now, now + timedelta(days=settings.GUARDIAN_LINK_DAYS)
    consent.save()
    transaction.on_commit(lambda: _send(user, contact, token))


def _send(user: User, contact: str, token: str) -> None:
    context = {
        "child": user.display_name,
        "link": settings.PUBLIC_URL + reverse("accounts:guardian_answer", args=[token]),
        "days": settings.GUARDIAN_LINK_DAYS,
        "service": settings.SERVICE,
    }
    subject = " ".join(render_to_string("accounts/email/guardian_subject.txt", context).split())
    send_mail(subject, render_to_string("accounts/email/guardian_message.txt", context), None, [contact])


def consent_behind(token: str) -> GuardianConsent:
    """The consent that a link is about, or GuardianLinkGone."""
    found = GuardianConsent.objects.select_related("user").filter(token_hash=_hash(token)).first()
    if found is None or not found.user.is_active or not found.link_is_open:
        raise GuardianLinkGone
    return found


@transaction.atomic
def give_guardian_consent(*, token: str, sealed: SealedAttributes) -> GuardianConsent:
    """Record the consent of an identified adult. Kept of the guardian: a keyed hash, the method and the time."""
    consent = consent_behind(token)
    spend_voucher(sealed=sealed)
    own = IdentityCheck.objects.filter(user=consent.user).first()
    if not sealed.is_adult or (own and own.ci_hmac == sealed.ci_hmac):
        raise NotAGuardian
    consent.given_at, consent.withdrawn_at = timezone.now(), None
    consent.guardian_hmac, consent.guardian_method = sealed.ci_hmac, sealed.method
    consent.contact = ""
    consent.save()
    _record("guardian.agreed", consent)
    return consent


@transaction.atomic
def withdraw_guardian_consent(*, token: str, sealed: SealedAttributes) -> GuardianConsent:
    """Only who gave the consent can take it back; the account can then read only."""
    consent = consent_behind(token)
    spend_voucher(sealed=sealed)
    if consent.guardian_hmac != sealed.ci_hmac:
        raise IdentityDiffers
    consent.withdrawn_at = timezone.now()
    # The link has done its work; the child can ask again and a new one is made.
    consent.token_hash, consent.expires_at = "", None
    consent.save()
    _record("guardian.withdrew", consent)
    return consent


def _record(action: str, consent: GuardianConsent) -> None:
    ledger.record(action=action, actor=None, subject=consent.user.ledger_subject)
    transaction.on_commit(lambda: rights_changed.send(sender=User, user=consent.user))
