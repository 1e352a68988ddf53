"""A seeded generator of the fictional district 가온구: the same seed gives the same bytes of CityJSON 2.0."""

from pathlib import Path

from twin.mirror.sample.cityjson import to_bytes, write
from twin.mirror.sample.district import make

DEFAULT_SEED = 20260601


def sample_city(seed: int = DEFAULT_SEED) -> bytes:
    """The district as a CityJSON 2.0 document in UTF-8."""
    return to_bytes(write(*make(seed)))


def write_sample_city(path: Path, seed: int = DEFAULT_SEED) -> int:
    """Write the district to `path`, whole or not at all; returns the number of bytes."""
    content = sample_city(seed)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
    return len(content)
