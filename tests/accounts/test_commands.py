"""The command line, and what system checks refuse."""

from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from pytest_django import Settings

from metacity.accounts.demo import DEMO_PASSWORD, DEMO_PEOPLE
from metacity.accounts.models import User
from metacity.accounts.roles import Role
from metacity.commons.models import LedgerEntry
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def found(settings: Settings, **changes: object) -> set[str]:
    """The codes of this room's checks under changed settings of production."""
    settings.MODE = "production"
    settings.IDENTITY_PROVIDERS = ["metacity.accounts.identity.openid.OpenIdProvider"]
    settings.IDENTITY_HMAC_KEY = "k" * 40
    settings.DESK_CI_RESOLVER = "metacity.accounts.services.desk.identity_of_paper"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    for name, value in changes.items():
        setattr(settings, name, value)
    messages = run_checks(databases=["default"])
    return {str(message.id) for message in messages if str(message.id).startswith("accounts.")}


def test_the_demos_people_are_made_once_with_every_role() -> None:
    assert "(made)" in run("seed_demo_accounts")
    before = set(User.objects.values_list("pk", "password"))
    assert "(made)" not in run("seed_demo_accounts")
    assert set(User.objects.values_list("pk", "password")) == before
    for told in DEMO_PEOPLE:
        user = User.objects.get(email=told.email)
        assert user.roles == {Role.CITIZEN, *told.roles}
        assert (user.is_identified, user.district, user.is_seeded) == (True, told.district, True)
        assert user.check_password(DEMO_PASSWORD)
    assert {role for told in DEMO_PEOPLE for role in told.roles} == set(Role) - {Role.CITIZEN}


def test_the_demos_people_are_refused_in_production(settings: Settings) -> None:
    settings.MODE = "production"
    with pytest.raises(CommandError):
        run("seed_demo_accounts")
    assert not User.objects.exists()


def test_a_role_is_granted_and_taken_back_by_command() -> None:
    user = person("first@example.org")
    run("grant_role", "FIRST@example.org", "operator")
    assert User.objects.get(pk=user.pk).is_staff
    assert "nothing to do" in run("grant_role", "first@example.org", "operator")
    run("grant_role", "first@example.org", "operator", "--revoke")
    assert not User.objects.get(pk=user.pk).is_staff
    actions = LedgerEntry.objects.filter(action__startswith="role.").values_list("action", "actor")
    assert list(actions) == [("role.granted", None), ("role.revoked", None)]


def test_an_unknown_person_or_role_is_named() -> None:
    with pytest.raises(CommandError, match=r"nobody@example\.org"):
        run("grant_role", "nobody@example.org", "operator")
    person("first@example.org")
    with pytest.raises(CommandError, match="mayor"):
        run("grant_role", "first@example.org", "mayor")


def test_a_superuser_is_an_operator() -> None:
    user = User.objects.create_superuser("root@example.org", "x")
    assert user.has_role("operator")


def test_production_set_up_well_passes(settings: Settings) -> None:
    assert found(settings) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"IDENTITY_PROVIDERS": ["metacity.accounts.identity.demo.DemoPhoneProvider"]}, "accounts.E001"),
        ({"DESK_CI_RESOLVER": "metacity.accounts.identity.demo.demo_ci"}, "accounts.E001"),
        ({"IDENTITY_HMAC_KEY": ""}, "accounts.E002"),
        ({"IDENTITY_HMAC_KEY": "short"}, "accounts.E002"),
        ({"IDENTITY_HMAC_KEY": "s" * 50, "SECRET_KEY": "s" * 50}, "accounts.E002"),
        ({"EMAIL_BACKEND": "metacity.accounts.demo_mail.DemoMailBackend"}, "accounts.E003"),
        ({"SOCIALACCOUNT_PROVIDERS": {"openid_connect": {}}, "IDENTITY_OPENID_CLAIMS": {"ci": "ci"}}, "accounts.E005"),
        ({"IDENTITY_PROVIDERS": ["metacity.accounts.identity.desk.DeskProvider"]}, "accounts.W001"),
    ],
)
def test_a_wrong_deployment_is_named(settings: Settings, changes: dict[str, object], code: str) -> None:
    assert code in found(settings, **changes)


def test_seeded_passwords_in_production_are_named(settings: Settings) -> None:
    run("seed_demo_accounts")
    assert found(settings) == {"accounts.E004"}


def test_the_demo_itself_is_not_refused(settings: Settings) -> None:
    run("seed_demo_accounts")
    settings.MODE = "demo"
    assert not {m.id for m in run_checks(databases=["default"]) if str(m.id).startswith("accounts.")}
