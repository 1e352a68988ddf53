"""What a reader hands over: features in the local frame, and what it noticed on the way."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from twin.mirror.features import Feature
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.crs import SourceCrs

Progress = Callable[[float, str], None]
"""Told how far a piece of work is (0 to 1), and in words what is being done."""


def no_progress(share: float, note: str) -> None:
    """Take no notice."""


@dataclass(slots=True)
class Fault:
    """Something wrong with one object, as the quality report lists it. `code` is one of `quality.FAULTS`."""

    code: str
    source_id: str
    detail: str = ""


@dataclass(slots=True, frozen=True)
class Credit:
    """Whom those must name who use data of a kind, whatever else is said of the file."""

    attribution: str
    url: str
    licence: str


@dataclass(slots=True, frozen=True)
class Encoding:
    """The letters of a file that leaves them open: Python's name of them, and one of `quality.ENCODINGS`."""

    name: str
    how: str


@dataclass(slots=True)
class Reading:
    """A city file, read; or a part of one, where a reader yields several."""

    features: list[Feature]
    frame: LocalFrame
    crs: SourceCrs
    format: str
    types: Counter[str] = field(default_factory=Counter)  # objects by the class that the source gives them
    faults: list[Fault] = field(default_factory=list)
    solids: set[tuple[str, str]] = field(default_factory=set)  # (source id, LoD) of what claims to enclose a space
    heights: Counter[str] = field(default_factory=Counter)  # footprints by where their height came from
    credit: Credit | None = None  # named unless the order names somebody
    encoding: Encoding | None = None


def merged(parts: Iterable[Reading]) -> Reading:
    """Parts as one reading, in the system of the first. Raises StopIteration where there is none."""
    rest = iter(parts)
    whole = next(rest)
    for part in rest:
        whole.features += part.features
        whole.types += part.types
        whole.faults += part.faults
        whole.solids |= part.solids
        whole.heights += part.heights
    return whole
