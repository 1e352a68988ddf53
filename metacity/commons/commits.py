"""What happens once a transaction is through."""

from collections.abc import Callable

from django.db import transaction


def after_commit(function: Callable[..., object], *args: object) -> None:
    """Calls `function` after the commit. If it fails, that is logged: what was committed stands all the same.

    Not `partial`: Django 5.2 asks a failed robust callback for its `__qualname__`, which a `partial` has not.
    """

    def call() -> None:
        function(*args)

    transaction.on_commit(call, robust=True)
