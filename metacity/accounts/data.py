"""One's own data: every room tells what it holds of a person and how to let it go.

A room registers in its `ready()`:

    register_exporter("proposals", lambda user: [...])   # anything JSON can hold
    register_eraser("proposals", anonymise_proposals)    # called inside the transaction that erases the person

Erasers run from the outermost room inwards, before the account itself is emptied.
"""

from collections.abc import Callable
from typing import Any

from metacity.accounts.models import User

Exporter = Callable[[User], Any]
Eraser = Callable[[User], None]

_exporters: dict[str, Exporter] = {}
_erasers: dict[str, Eraser] = {}


def register_exporter(name: str, export: Exporter) -> None:
    _exporters[name] = export


def register_eraser(name: str, erase: Eraser) -> None:
    _erasers[name] = erase


def export_all(user: User) -> dict[str, Any]:
    """Everything kept of a person, by room."""
    return {name: export(user) for name, export in _exporters.items()}


def erase_all(user: User) -> None:
    """Run every room's eraser, outer rooms first: apps get ready from the inside out."""
    for erase in reversed(_erasers.values()):
        erase(user)
