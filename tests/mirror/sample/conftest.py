"""Districts, generated once a session."""

import json

import pytest

from tests.mirror.sample.model import Model
from twin.mirror.sample import sample_city


@pytest.fixture(scope="session")
def content() -> bytes:
    """The district of the default seed, as it is written."""
    return sample_city()


@pytest.fixture(scope="session")
def model(content: bytes) -> Model:
    """The district of the default seed."""
    return Model(json.loads(content))


@pytest.fixture(scope="session")
def other() -> Model:
    """The district of another seed."""
    return Model(json.loads(sample_city(7)))
