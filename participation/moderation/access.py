"""How cases, decisions and objections are reached. Absent and forbidden look alike to outsiders."""

import uuid

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from metacity.accounts.roles import Role
from participation.moderation.errors import AppealNotFound, CaseNotFound, DecisionNotFound
from participation.moderation.models import Appeal, Case, Decision

# Whom office pages and the API let in.
MODERATORS = (Role.MODERATOR,)


def may_moderate(user: Visitor) -> bool:
    """Whether `user` reads what is hidden from others: for the `find` of every kind of subject."""
    return isinstance(user, User) and user.has_role(Role.MODERATOR)


def case_for(user: Visitor, pk: uuid.UUID) -> Case:
    case = Case.objects.select_related("author", "claimed_by").filter(pk=pk).first()
    if case is None or not may_moderate(user):
        raise CaseNotFound
    return case


def own_decision(user: Visitor, pk: uuid.UUID) -> Decision:
    """A measure against something that `user` wrote."""
    found = Decision.objects.select_related("case", "author", "appeal").filter(pk=pk, author=user.pk)
    decision = found.first() if user.pk else None
    if decision is None:
        raise DecisionNotFound
    return decision


def appeal_for(user: Visitor, pk: uuid.UUID) -> Appeal:
    found = Appeal.objects.select_related("decision__case", "author", "first_decider", "decided_by").filter(pk=pk)
    appeal = found.first()
    if appeal is None or not may_moderate(user):
        raise AppealNotFound
    return appeal
