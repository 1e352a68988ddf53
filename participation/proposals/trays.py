"""What waits in the office's inbox: proposals to look at, to answer, and answers to approve."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metacity.accounts.models import User
from metacity.accounts.office import Item, Tray, first_of
from metacity.commons import workdays
from metacity.commons.addresses import city_url
from participation.proposals.models import Answer, Proposal
from participation.proposals.officework import today_of


def to_check(official: User, now: dt.datetime) -> Tray:
    """Received or handed over, and nobody has begun to look into it."""
    waiting = Proposal.objects.concerning(official).to_check().with_handling()
    count, proposals = first_of(waiting)
    items = [_item(proposal, proposal.state_changed_at, now) for proposal in proposals]
    return Tray("to-check", gettext_lazy("Proposals to check"), count, items, _page("to_check"))


def to_answer(official: User, now: dt.datetime) -> Tray:
    """Looked into and not answered; what is late or due comes first."""
    waiting = Proposal.objects.concerning(official).to_answer().with_handling()
    count, proposals = first_of(waiting)
    items = [_item(proposal, proposal.state_changed_at, now) for proposal in proposals]
    return Tray("to-answer", gettext_lazy("Proposals to answer"), count, items, _page("to_answer"))


def to_approve(approver: User, now: dt.datetime) -> Tray:
    """Answers that somebody else has handed in."""
    waiting = Answer.objects.awaiting(approver).order_by("handed_in_at")
    count, answers = first_of(
        waiting.select_related("proposal__current", "proposal__city", "proposal__department", "proposal__deadline")
    )
    items = [_item(answer.proposal, answer.handed_in_at or now, now, anchor="#answer") for answer in answers]
    return Tray("to-approve", gettext_lazy("Answers to approve"), count, items, _page("to_approve"))


def _item(proposal: Proposal, since: dt.datetime, now: dt.datetime, *, anchor: str = "") -> Item:
    clock = proposal.clock if proposal.clock and proposal.clock.is_running else None
    return Item(
        title=proposal.content.title,
        url=f"{proposal.office_url}{anchor}",
        since=since,
        note=" · ".join(
            (_("No. %(number)d") % {"number": proposal.number}, str(proposal.department or _("No department yet")))
        ),
        due=workdays.end_of(clock.due_on, proposal.city.time_zone) if clock else None,
        is_late=proposal.is_late(today_of(proposal, now)),
    )


def _page(waits_for: str) -> str:
    return f"{city_url('proposals:office', None)}?waits={waits_for}"
