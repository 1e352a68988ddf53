"""What beat does for deadlines: remind the office in time, and once more when the time is over."""

from datetime import date, datetime, timedelta

from django.conf import settings

from metacity.accounts.notices import notify_all
from metacity.commons import workdays
from participation.proposals.models import Deadline
from participation.proposals.models.departments import responsible_for
from participation.proposals.officework import today_of

# So many working days lie within so many days, whatever holidays there are.
_DAYS_A_WORKING_DAY = 4


def remind_of_deadlines(*, at: datetime) -> int:
    """Tell whoever is in charge of what is due in 7 and in 3 working days, and of what is late. How many are so near.

    Running it again tells nobody twice: a notice is known by the deadline, its day and the reminder.
    """
    ahead = timedelta(days=_DAYS_A_WORKING_DAY * max(settings.REMINDER_DAYS))
    near = Deadline.objects.due_by(workdays.day_of(at, settings.TIME_ZONE) + ahead)
    deadlines = near.select_related("proposal__current", "proposal__city", "proposal__department")
    return sum(_remind(deadline, today_of(deadline.proposal, at)) for deadline in deadlines)


def _remind(deadline: Deadline, today: date) -> bool:
    left = deadline.left_on(today)
    reached = [days for days in settings.REMINDER_DAYS if left <= days]
    if not reached:
        return False
    is_late = deadline.is_late(today)
    notify_all(
        people=responsible_for(deadline.proposal),
        kind="office.overdue" if is_late else "office.due_soon",
        url=deadline.proposal.office_url,
        key=f"{deadline.pk}:{deadline.due_on}:{0 if is_late else min(reached)}",
        facts={"title": deadline.proposal.content.title, "days": left},
    )
    return True
