"""What is deployed wrongly is said, and a server that would be unsafe does not start."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from metacity.commons.checks import deployment, refuse_unsafe_deployment


@pytest.fixture
def production(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> LazySettings:
    """Settings of a city that does everything right."""
    settings.MODE = "production"
    settings.SECRET_KEY = "s" * 40
    settings.IDENTITY_HMAC_KEY = "i" * 40
    settings.IDENTITY_PROVIDERS = []
    settings.DESK_CI_RESOLVER = "city.identity.ci"
    settings.DEBUG = False
    settings.PUBLIC_URL = "https://city.example.org"
    settings.BEHIND_PROXY = True
    settings.ALLOWED_HOSTS = ["city.example.org"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    return settings


def found() -> list[str]:
    return [str(message.id) for message in deployment(None)]


def test_a_right_deployment_passes(production: LazySettings) -> None:
    assert found() == []
    refuse_unsafe_deployment()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", "", "commons.E001"),
        ("SECRET_KEY", "short", "commons.E001"),
        ("SECRET_KEY", "metacity-demo-key-which-protects-nothing-and-is-refused-in-production", "commons.E001"),
        ("DEBUG", True, "commons.E002"),
        ("PUBLIC_URL", "http://city.example.org", "commons.E003"),
        ("BEHIND_PROXY", False, "commons.E004"),
        ("PUBLIC_URL", "https://localhost", "commons.E005"),
        ("ALLOWED_HOSTS", ["*"], "commons.E006"),
        ("ALLOWED_HOSTS", [".example.org"], "commons.E006"),
    ],
)
def test_what_is_unsafe_is_named_and_stops_the_server(
    production: LazySettings, name: str, value: Any, code: str
) -> None:
    setattr(production, name, value)
    assert found() == [code]
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY" if value == "" else code):
        refuse_unsafe_deployment()


def test_what_is_unwise_is_said_and_stops_nobody(production: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(production.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    production.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert found() == ["commons.W007", "commons.W008"]
    refuse_unsafe_deployment()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IDENTITY_HMAC_KEY", ""),
        ("IDENTITY_HMAC_KEY", "s" * 40),
        ("IDENTITY_PROVIDERS", ["metacity.accounts.identity.demo.DemoPhoneProvider"]),
        ("EMAIL_BACKEND", "metacity.accounts.demo_mail.DemoMailBackend"),
    ],
)
def test_pieces_of_the_demo_stop_a_production_server(production: LazySettings, name: str, value: Any) -> None:
    setattr(production, name, value)
    with pytest.raises(ImproperlyConfigured, match=r"accounts\.E"):
        refuse_unsafe_deployment()


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_the_demo_may_do_all_of_that(settings: LazySettings, mode: str) -> None:
    settings.MODE = mode
    settings.ALLOWED_HOSTS = ["*"]
    assert found() == []
    refuse_unsafe_deployment()


def test_the_tests_own_settings_pass_every_check() -> None:
    assert run_checks() == []


def test_no_setting_names_a_folder_outside_the_project_and_its_variable_files(settings: LazySettings) -> None:
    places = [settings.STATIC_ROOT, settings.MEDIA_ROOT, settings.PUBLICATIONS_ROOT]
    assert all(Path(place).is_relative_to(settings.VAR_DIR) for place in places)
