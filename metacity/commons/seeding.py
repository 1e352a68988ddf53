"""What each room adds to the demo's made-up district.

A room registers in its `ready()`: `register_seed("voting", seed_votes)`. `manage.py seed_demo` makes the city and then
calls every seed, from the inside out. A seed takes the city and the present moment, changes nothing when it has run
before, and returns in a few words what it made.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

Seed = Callable[[Any, dt.datetime], str]

_seeds: dict[str, Seed] = {}


def register_seed(name: str, seed: Seed) -> None:
    _seeds[name] = seed


def seed_all(city: Any, now: dt.datetime) -> Iterator[tuple[str, str]]:
    """Runs every seed; the name of each and what it made."""
    for name, seed in _seeds.items():
        yield name, seed(city, now)
