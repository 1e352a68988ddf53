"""A city, people with sessions, and Daphnes of their own for tests of presence."""

from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.test import Client

from metacity.accounts.models import User
from tests.factories.processes import a_city
from tests.presence.daphne import Server, daphne
from twin.mirror.models import City


@pytest.fixture
def city() -> City:
    return a_city()


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[Server]:
    """One for all tests of a module: each has a city of its own."""
    with daphne() as running:
        yield running


@pytest.fixture(autouse=True)
def _nobody_left() -> Iterator[None]:
    """People of an earlier test are in Redis for some seconds more."""
    yield
    client = redis.Redis.from_url(settings.PRESENCE_REDIS_URL)
    keys = list(client.scan_iter(f"presence:{settings.REDIS_FIRST_DATABASE}:*"))
    if keys:
        client.delete(*keys)


def session_of(user: User) -> str:
    """The key of a session in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client.session.session_key or ""
