"""Who may see a design. The rooms that use designs say so: what belongs to a draft is its author's alone."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from metacity.accounts.models import User
from metacity.commons.errors import NotFound
from twin.mirror.designs.models import Design

Visibility = Callable[[User | AnonymousUser, Design], bool]
_rules: list[Visibility] = []


def register_design_access(rule: Visibility) -> None:
    """Called in `ready()` by a room that attaches designs to something of its own."""
    _rules.append(rule)


def may_see(user: User | AnonymousUser, design: Design) -> bool:
    return any(rule(user, design) for rule in _rules)


def design_for(user: User | AnonymousUser, pk: UUID | str) -> Design:
    """A design that this person may see.

    Raises
    ------
    NotFound
        If there is none, or none for this person.
    """
    design = Design.objects.select_related("city").filter(pk=pk).first()
    if design is None or not may_see(user, design):
        raise NotFound
    return design
