"""The clock of a proposal: started once by enough supports, kept still while others are asked, ended by the answer."""

from datetime import date, datetime

from participation.proposals.models import Deadline, Proposal, Step, StepKind
from participation.proposals.officework import today_of
from participation.proposals.services.steps import take_step


def start_clock(*, proposal: Proposal, at: datetime) -> Step | None:
    """Start the clock where the supports have just become enough; the step that tells of it, where it was this call.

    The caller holds the proposal's row, so that of many supports at once one starts it; the database would refuse a
    second. What follows (`conclude`) is the caller's.
    """
    goal = proposal.process.support_goal
    if goal is None or proposal.supports_count < goal or not proposal.takes_support:
        return None
    if Deadline.objects.filter(proposal=proposal).exists():
        return None
    today, days = today_of(proposal, at), proposal.process.days_to_answer
    deadline = Deadline.start(proposal=proposal, goal=goal, days=days, today=today)
    if proposal.waits_for_others:
        deadline.pause(today)
    facts = {"goal": goal, "days": days, "due_on": deadline.due_on.isoformat()}
    return take_step(proposal, StepKind.GOAL_REACHED, by=None, at=at, department=proposal.department, facts=facts)


def pause_clock(proposal: Proposal, at: datetime) -> None:
    if proposal.clock:
        proposal.clock.pause(today_of(proposal, at))


def resume_clock(proposal: Proposal, at: datetime) -> dict[str, str]:
    """Count on; the facts with which a step tells until when."""
    clock = proposal.clock
    if clock is None or not clock.is_paused:
        return {}
    clock.resume(today_of(proposal, at))
    return {"due_on": clock.due_on.isoformat()}


def postpone_clock(proposal: Proposal, day: date, at: datetime) -> dict[str, str | int]:
    """To the day that an interim answer promises; the facts with which a step tells of it."""
    clock = proposal.clock
    if clock is None or not clock.is_running:
        return {"due_on": day.isoformat()}
    late = _days_late(clock, proposal, at)
    clock.postpone(day)
    return {"due_on": day.isoformat(), **late}


def end_clock(proposal: Proposal, at: datetime) -> dict[str, int]:
    """For good; the facts with which a step tells how late that was."""
    clock = proposal.clock
    if clock is None:
        return {}
    late = _days_late(clock, proposal, at)
    clock.end(today_of(proposal, at))
    return late


def _days_late(clock: Deadline, proposal: Proposal, at: datetime) -> dict[str, int]:
    days = clock.days_late(today_of(proposal, at))
    return {"days_late": days} if days else {}
