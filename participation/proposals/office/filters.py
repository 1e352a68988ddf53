"""What the office's list of proposals is narrowed to: the same for its page and its API."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons import workdays
from metacity.commons.text import clean_text
from participation.proposals.filters import QUERY_LENGTH
from participation.proposals.models import Answer
from participation.proposals.models.proposals import ProposalQuerySet
from participation.proposals.states import State
from twin.mirror.models import City

NO_DEPARTMENT = "none"
# What the office never handles: the author took it back.
HANDLED = tuple(state for state in State if state != State.WITHDRAWN)


class Waits(models.TextChoices):
    """What a proposal waits for."""

    TO_CHECK = "to_check", _("To be checked")
    TO_ANSWER = "to_answer", _("To be answered")
    TO_APPROVE = "to_approve", _("Waiting for approval")
    LATE = "late", _("Overdue")


@dataclass(frozen=True, slots=True)
class OfficeFilters:
    """Cleaned filters; whatever makes no sense is left out."""

    q: str = ""
    waits: str = ""
    state: str = ""
    department: str = ""
    mine: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "OfficeFilters":
        return cls(
            q=clean_text(asked.get("q", "")[:QUERY_LENGTH], 4 * QUERY_LENGTH, multiline=False),
            waits=asked.get("waits", "") if asked.get("waits") in Waits.values else "",
            state=asked.get("state", "") if asked.get("state") in HANDLED else "",
            department=_department(asked.get("department", "")),
            mine=asked.get("mine") == "1",
        )

    @property
    def is_narrowed(self) -> bool:
        return any((self.q, self.waits, self.state, self.department, self.mine))

    @property
    def query(self) -> str:
        """As parameters of an address, without the page."""
        said = {"q": self.q, "waits": self.waits, "state": self.state, "department": self.department}
        return urlencode({name: value for name, value in said.items() if value} | ({"mine": "1"} if self.mine else {}))

    def applied_to(self, proposals: ProposalQuerySet, official: User, city: City, now: dt.datetime) -> ProposalQuerySet:
        """What is due first comes first, what no clock runs for last and the newest of it first."""
        found = proposals.filter(state__in=HANDLED)
        found = found.mentioning(self.q) if self.q else found
        found = found.filter(state=self.state) if self.state else found
        found = found.filter(in_charge=official) if self.mine else found
        if self.department:
            nobodys = self.department == NO_DEPARTMENT
            found = found.filter(department=None) if nobodys else found.filter(department_id=uuid.UUID(self.department))
        found = self._waiting(found, workdays.day_of(now, city.time_zone))
        running = models.Case(
            models.When(deadline__ended_on=None, deadline__paused_on=None, then=F("deadline__due_on")), default=None
        )
        return found.order_by(running.asc(nulls_last=True), "-submitted_at", "-number")

    def _waiting(self, found: ProposalQuerySet, today: dt.date) -> ProposalQuerySet:
        match self.waits:
            case Waits.TO_CHECK:
                return found.to_check()
            case Waits.TO_ANSWER:
                return found.to_answer()
            case Waits.TO_APPROVE:
                return found.filter(answers__state=Answer.State.WAITING)
            case Waits.LATE:
                return found.late(today)
        return found


def _department(asked: str) -> str:
    """An id as it is written, or `none`."""
    if asked == NO_DEPARTMENT:
        return asked
    try:
        return str(uuid.UUID(asked))
    except ValueError:
        return ""
