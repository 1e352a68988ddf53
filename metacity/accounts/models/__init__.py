"""People, what is known of them, what they agreed to and what they are trusted with."""

from metacity.accounts.models.consent import Consent
from metacity.accounts.models.identity import DeskVoucher, GuardianConsent, IdentityCheck
from metacity.accounts.models.notices import Notice, QuietTopic, Topic
from metacity.accounts.models.people import LedgerIdentity, RoleGrant, User

__all__ = [
    "Consent",
    "DeskVoucher",
    "GuardianConsent",
    "IdentityCheck",
    "LedgerIdentity",
    "Notice",
    "QuietTopic",
    "RoleGrant",
    "Topic",
    "User",
]
