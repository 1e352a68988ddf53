"""Settings are read from the environment; what is wrong there is named at start."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from metacity import env
from metacity.settings import database, redis_urls

ROOT = Path(__file__).resolve().parent.parent
SHOWN = """
import json
from metacity import settings as s
names = ("MODE DEBUG IS_HTTPS ALLOWED_HOSTS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE CSRF_TRUSTED_ORIGINS "
         "SECURE_HSTS_SECONDS SECRET_KEY IDENTITY_HMAC_KEY BEHIND_PROXY CSP_FORM_ACTION").split()
print(json.dumps({name: getattr(s, name) for name in names}))
"""


def settings_with(**environment: str) -> dict[str, Any]:
    """What the settings become in a process of its own with nothing but `environment`."""
    told = {"PATH": os.environ["PATH"], **environment}
    done = subprocess.run(
        [sys.executable, "-c", SHOWN], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ImproperlyConfigured(done.stderr.strip().splitlines()[-1])
    shown: dict[str, Any] = json.loads(done.stdout)
    return shown


def test_an_empty_environment_is_production_without_keys_and_without_debug() -> None:
    shown = settings_with()
    assert (shown["MODE"], shown["DEBUG"], shown["SECRET_KEY"], shown["IDENTITY_HMAC_KEY"]) == (
        "production",
        False,
        "",
        "",
    )
    assert shown["ALLOWED_HOSTS"] == ["localhost"]


def test_cookies_and_hosts_follow_the_public_address() -> None:
    shown = settings_with(PUBLIC_URL="https://city.example.org/")
    assert shown["ALLOWED_HOSTS"] == ["city.example.org"]
    assert shown["CSRF_TRUSTED_ORIGINS"] == ["https://city.example.org"]
    assert shown["SESSION_COOKIE_SECURE"] is shown["CSRF_COOKIE_SECURE"] is shown["IS_HTTPS"] is True
    assert shown["SECURE_HSTS_SECONDS"] > 0


def test_the_demo_runs_on_plain_http_on_this_machine() -> None:
    shown = settings_with(METACITY_MODE="demo", PUBLIC_URL="http://localhost:8123")
    assert shown["SESSION_COOKIE_SECURE"] is False
    assert "127.0.0.1" in shown["ALLOWED_HOSTS"]
    assert "protects-nothing" in shown["SECRET_KEY"]


def test_a_deployment_that_is_as_it_should_be_is_told_nothing(tmp_path: Path) -> None:
    """What `manage.py check --deploy` says must be worth reading."""
    told = {
        "PATH": os.environ["PATH"],
        "METACITY_VAR": str(tmp_path),
        "SECRET_KEY": "0123456789abcdef" * 4,
        "IDENTITY_HMAC_KEY": "fedcba9876543210" * 4,
        "PUBLIC_URL": "https://city.example.org",
        "BEHIND_PROXY": "true",
        "DATABASE_URL": "postgresql://metacity@/metacity",
        "EMAIL_HOST": "mail.example.org",
        "DESK_CI_RESOLVER": "office.registers.ci_of",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_variable_is_described_in_the_example() -> None:
    described = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "metacity/settings.py").read_text()))
    assert len(read) > 30
    assert described == read


def test_forms_may_lead_to_where_people_sign_in_elsewhere() -> None:
    shown = settings_with(OIDC_SERVER_URL="https://id.example.org/realms/city")
    assert shown["CSP_FORM_ACTION"] == ["https://id.example.org"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("METACITY_MODE", "live", "METACITY_MODE='live' is not one of production, demo, test."),
        ("DEBUG", "perhaps", "DEBUG='perhaps' is neither true nor false."),
        ("PUBLIC_URL", "city.example.org", "is not an http or https address"),
        ("DATABASE_URL", "mysql://db/city", "'mysql' is neither sqlite nor postgresql"),
        ("REDIS_URL", "http://127.0.0.1", "'http' is none of redis, rediss, unix"),
        ("REDIS_FIRST_DATABASE", "two", "REDIS_FIRST_DATABASE='two' is not a whole number."),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL='LOUD' is not one of"),
    ],
)
def test_a_wrong_value_is_named_at_start(name: str, value: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        settings_with(**{name: value})


def test_readers_take_what_people_write(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {"A": " Yes ", "B": "off", "C": "", "D": " 7 ", "E": " a, ,b ", "F": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    assert (env.flag("A"), env.flag("B"), env.flag("C"), env.flag("MISSING", default=True)) == (
        True,
        False,
        False,
        True,
    )
    assert (env.integer("D", 1), env.integer("C", 1)) == (7, 1)
    assert (env.words("E"), env.words("MISSING")) == (["a", "b"], [])
    assert (env.path("F", Path()), env.path("MISSING", Path("x"))) == (tmp_path, Path("x"))


def test_a_database_address_becomes_a_database() -> None:
    sqlite = database("sqlite:////srv/city/data.sqlite3")
    assert sqlite["NAME"] == "/srv/city/data.sqlite3"
    assert sqlite["OPTIONS"]["transaction_mode"] == "IMMEDIATE"  # type: ignore[index]
    postgresql = database("postgresql://city%40x:p%2Fw@db.example.org:5433/meta%20city")
    assert {name: postgresql[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "meta city",
        "USER": "city@x",
        "PASSWORD": "p/w",
        "HOST": "db.example.org",
        "PORT": "5433",
    }


@pytest.mark.parametrize(
    ("url", "redis", "celery"),
    [
        ("redis://127.0.0.1:6379", "redis://127.0.0.1:6379/2", "redis://127.0.0.1:6379/2"),
        ("rediss://:pw@cache:6380", "rediss://:pw@cache:6380/2", "rediss://:pw@cache:6380/2"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock?db=2", "redis+socket:///run/redis.sock?virtual_host=2"),
    ],
)
def test_one_redis_address_serves_both_libraries(url: str, redis: str, celery: str) -> None:
    assert redis_urls(url, 2) == {"redis": redis, "celery": celery}
