"""What can be deployed wrongly here, each with a code."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning
from django.core.checks import register as register_check
from django.db import DatabaseError, connections

DEMO_PROVIDER = "metacity.accounts.identity.demo."
DEMO_MAIL = "metacity.accounts.demo_mail."
KEY_LENGTH = 32


def demo_identity(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    played = [p for p in (*settings.IDENTITY_PROVIDERS, settings.DESK_CI_RESOLVER) if p.startswith(DEMO_PROVIDER)]
    if settings.MODE != "production" or not played:
        return []
    return [
        Error(
            f"In production, identities would be played: {', '.join(played)}.",
            hint="Name real providers in IDENTITY_PROVIDERS and DESK_CI_RESOLVER, or leave both empty.",
            id="accounts.E001",
        )
    ]


def identity_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    key = settings.IDENTITY_HMAC_KEY
    if settings.MODE != "production" or (len(key) >= KEY_LENGTH and key != settings.SECRET_KEY):
        return []
    return [
        Error(
            f"IDENTITY_HMAC_KEY must be a random text of its own, of {KEY_LENGTH} characters or more.",
            hint="Make one with `openssl rand -hex 32`. Keep it: with another key nobody is recognised any more.",
            id="accounts.E002",
        )
    ]


def demo_mail(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.MODE != "production" or not settings.EMAIL_BACKEND.startswith(DEMO_MAIL):
        return []
    return [Error("The demo's mailbox is readable by everybody.", hint="Set EMAIL_HOST.", id="accounts.E003")]


def openid_claims(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.SOCIALACCOUNT_PROVIDERS:
        return []
    claims = settings.IDENTITY_OPENID_CLAIMS
    missing = [name for name in ("ci", "name") if not claims.get(name)]
    if not (claims.get("birth_date") or claims.get("birth_year")):
        missing.append("birth_date")
    if not missing:
        return []
    return [Error(f"OIDC_CLAIMS names no claim for: {', '.join(missing)}.", id="accounts.E005")]


def desk_without_ci(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    has_desk = any(path.endswith(".DeskProvider") for path in settings.IDENTITY_PROVIDERS)
    by_paper = settings.DESK_CI_RESOLVER == "metacity.accounts.services.desk.identity_of_paper"
    if settings.MODE != "production" or not has_desk or not by_paper:
        return []
    return [
        Warning(
            "Whoever is confirmed at the desk is not recognised when identifying by phone: one person, two accounts.",
            hint="Set DESK_CI_RESOLVER to a function that asks the CI service.",
            id="accounts.W001",
        )
    ]


def seeded_accounts(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Runs with `migrate` and `check --database default`. Such accounts cannot be entered in production anyway."""
    from metacity.accounts.models import User

    if settings.MODE != "production" or "default" not in (databases or ()):
        return []
    try:
        if User._meta.db_table not in connections["default"].introspection.table_names():
            return []
        count = User.objects.filter(is_seeded=True).count()
    except DatabaseError:
        return []
    if not count:
        return []
    return [
        Error(
            f"{count} accounts of the demo, whose password everybody knows, are in this database.",
            hint="Start production with a database of its own.",
            id="accounts.E004",
        )
    ]


def register() -> None:
    for check in (demo_identity, identity_key, demo_mail, openid_claims, desk_without_ci):
        register_check(check, Tags.security)
    register_check(seeded_accounts, Tags.database)
