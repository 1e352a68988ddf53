"""One proposal on an official's desk: who could handle it, what is being written, what has happened."""

import uuid
from functools import cached_property

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from metacity.accounts.roles import Role
from participation.proposals.errors import ProposalNotFound, ProposalWithdrawn
from participation.proposals.models import Answer, Department, Proposal, Step, StepKind
from participation.proposals.timeline import published_in
from twin.mirror.access import may_see


def proposal_to_handle(official: Visitor, pk: uuid.UUID) -> Proposal:
    """The proposal with what the office's page shows.

    A withdrawn one is nothing to handle (410); a hidden one waits for moderation first, and looks absent.
    """
    proposal = Proposal.objects.select_related(
        "current", "process", "author", "city", "deadline", "department", "in_charge"
    ).filter(pk=pk)
    found = proposal.first()
    if found is None or found.is_hidden or not may_see(official, found.city):
        raise ProposalNotFound
    if found.is_withdrawn:
        raise ProposalWithdrawn
    return found


class Desk:
    """A proposal before an official. Everything is asked for once, however many forms need it."""

    def __init__(self, proposal: Proposal, official: User) -> None:
        self.proposal = proposal
        self.official = official

    @cached_property
    def departments(self) -> list[Department]:
        return list(Department.objects.in_city(self.proposal.city).filter(is_open=True))

    @cached_property
    def officials(self) -> list[User]:
        return list(User.objects.members().filter(role_grants__role=Role.OFFICIAL).order_by("masked_name", "pk"))

    @cached_property
    def steps(self) -> list[Step]:
        return list(self.proposal.steps.told())

    @cached_property
    def answer(self) -> Answer | None:
        """What is being written or waits for approval."""
        return (
            self.proposal.answers.open()
            .select_related("handed_in_by", "department")
            .prefetch_related("writers")
            .first()
        )

    @property
    def published(self) -> list[Answer]:
        return published_in(self.steps)

    @property
    def is_completed(self) -> bool:
        return any(step.kind == StepKind.COMPLETED for step in self.steps)

    @property
    def may_decide(self) -> bool:
        """Whether this official may approve what waits: a team leader who wrote nothing of it."""
        waits = self.answer is not None and self.answer.is_waiting
        return waits and self.official.has_role(Role.APPROVER) and not self.is_writer

    @property
    def is_writer(self) -> bool:
        return self.answer is not None and self.official in self.answer.writers.all()
