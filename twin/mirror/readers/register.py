"""Whose ids a delivery has named so far, in eight bytes an object: what spans its parts and files is found by it."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from twin.mirror.readers.reading import Fault, Reading

Hashes = NDArray[np.uint64]


class HashSet:
    """Hashes of texts in a few sorted arrays, the larger the older.

    Two of a million texts share a hash of 64 bits with a probability of 3 in 100 million.
    """

    def __init__(self) -> None:
        self._runs: list[Hashes] = []

    def __len__(self) -> int:
        return sum(map(len, self._runs))

    def holds(self, hashes: Hashes) -> NDArray[np.bool_]:
        """(n,): which of the hashes were added before."""
        found = np.zeros(len(hashes), dtype=bool)
        for run in self._runs:
            place = np.searchsorted(run, hashes)
            found |= run[np.minimum(place, len(run) - 1)] == hashes
        return found

    def add(self, hashes: Hashes) -> None:
        """Take hashes in; merges runs so that each is at least twice as long as the next."""
        if not len(hashes):
            return
        run = np.sort(hashes)
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.sort(np.concatenate([self._runs.pop(), run]), kind="stable")
        self._runs.append(run)


def hashes_of(texts: Sequence[str]) -> Hashes:
    """(n,) a 64-bit hash of each text."""
    return np.frombuffer(
        b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts), dtype=np.uint64
    )


class Register:
    """The ids of a delivery: the first object of an id is taken, the others are named as faults."""

    def __init__(self) -> None:
        self._ids = HashSet()
        # Parts of objects that had not come yet: part and whole.
        self._waiting: list[tuple[str, str]] = []

    def __len__(self) -> int:
        return len(self._ids)

    def take(self, reading: Reading) -> None:
        """Note a part of the delivery, and take out of it what came before under the same id."""
        ids = [feature.source_id for feature in reading.features]
        hashes = hashes_of(ids)
        repeated = self._ids.holds(hashes)
        if repeated.any():
            reading.faults += [Fault("duplicate_id", ids[place]) for place in np.flatnonzero(repeated).tolist()]
            reading.features = [f for f, again in zip(reading.features, repeated.tolist(), strict=True) if not again]
            hashes = hashes[~repeated]
        self._ids.add(hashes)
        self._note_parents(reading)

    def _note_parents(self, reading: Reading) -> None:
        here = {feature.source_id for feature in reading.features}
        away = [
            (feature.source_id, feature.parent_source_id)
            for feature in reading.features
            if feature.parent_source_id is not None and feature.parent_source_id not in here
        ]
        known = self._ids.holds(hashes_of([parent for _part, parent in away]))
        self._waiting += [link for link, is_known in zip(away, known.tolist(), strict=True) if not is_known]

    def orphans(self) -> Iterator[Fault]:
        """At the end: parts whose whole never came."""
        known = self._ids.holds(hashes_of([parent for _part, parent in self._waiting]))
        for (part, parent), is_known in zip(self._waiting, known.tolist(), strict=True):
            if not is_known:
                yield Fault("missing_parent", part, parent[:80])
