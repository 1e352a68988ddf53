"""One compressor for all tests of tiles."""

from collections.abc import Iterator

import pytest

from twin.mirror.tiles.compressor import SCRIPT, Compressor


@pytest.fixture(scope="session")
def compressor() -> Iterator[Compressor]:
    """Node.js with the front end's packages; the suite installs them."""
    if not (SCRIPT.parent.parent / "node_modules" / "gltf-validator").is_dir():
        pytest.skip("The front end's packages are not installed: npm ci --prefix static")
    with Compressor() as running:
        yield running
