"""What the office did with the sample district's ideas: departments, officials, and histories in every state.

Every act goes through the service that officials use, at its own past time.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from metacity.accounts.models import User
from metacity.accounts.roles import Role
from metacity.accounts.services.roles import grant_role
from metacity.commons import workdays
from participation.proposals import services
from participation.proposals.models import Department, Proposal
from participation.proposals.officework import checked_answer
from participation.proposals.services.steps import held
from twin.mirror.models import City

Entry = dict[str, Any]
NAMESPACE = uuid.UUID("0d3a5f0c-3d0e-4b42-8f57-54f35c3a21c9")
DEMO = "demo"
# Who works where the demo's accounts do not.
NAMES = {Role.OFFICIAL: "한*진", Role.APPROVER: "오*숙"}
# The office's hours, in which an act of a day was done: the first of a day in the morning.
MORNING_H = 10


class Office:
    """The officials of the sample district and their departments, and what they do by the seeds."""

    def __init__(self, city: City, entries: list[Entry], now: dt.datetime) -> None:
        self.city, self.now = city, now
        self.official, self.approver = _worker(Role.OFFICIAL, DEMO), _worker(Role.APPROVER, DEMO)
        self.departments = {entry["name"]: self._department(entry) for entry in entries}

    def _department(self, entry: Entry) -> Department:
        names = {"name_en": entry["name_en"]}
        department, is_new = Department.objects.get_or_create(city=self.city, name=entry["name"], defaults=names)
        if is_new:
            staff = entry.get("staff", "")
            department.members.set([_worker(Role.OFFICIAL, staff), _worker(Role.APPROVER, staff)])
        return department

    def handle(self, proposal: Proposal, acts: list[Entry]) -> None:
        """Do everything that the seeds tell of one idea, in its order."""
        for number, act in enumerate(acts):
            self._prepare(proposal, act)
            _ACTS[act["act"]](self, proposal, act, self.moment(act["day"], number))

    def moment(self, day: int, number: int = 0) -> dt.datetime:
        local = timezone.localtime(self.now)
        at = local.replace(hour=MORNING_H, minute=20, second=0, microsecond=0)
        return min(at + dt.timedelta(days=day, minutes=7 * number), self.now)

    def day(self, number: int) -> dt.date:
        """Counted from today, also ahead."""
        return timezone.localdate(self.now) + dt.timedelta(days=number)

    def _prepare(self, proposal: Proposal, act: Entry) -> None:
        """The department that a step names, where naming it is no step of its own."""
        if "department" in act and act["act"] not in {"review", "transfer"}:
            Proposal.objects.filter(pk=proposal.pk).update(department=self.departments[act["department"]])

    def in_charge_of(self, proposal: Proposal) -> User:
        return held(proposal).in_charge or self.official

    def approver_of(self, proposal: Proposal) -> User:
        """The team leader of the department, who wrote nothing."""
        department = held(proposal).department
        members = department.members.filter(role_grants__role=Role.APPROVER) if department else User.objects.none()
        return members.first() or self.approver

    def content_of(self, proposal: Proposal, act: Entry, at: dt.datetime) -> Any:
        planned = act.get("planned")
        day = self.day(planned) if planned is not None else None
        if day is not None and not workdays.is_working_day(day):
            day = workdays.due(day, 1)
        told = {name: act[name].strip() for name in ("text", "next_steps", "correction") if name in act}
        return checked_answer(decision=act["decision"], planned_on=day, **told)


def _worker(role: Role, staff: str) -> User:
    """The demo's account with that role and no higher one, or somebody who can enter nowhere."""
    if staff == DEMO:
        accounts = User.objects.filter(is_seeded=True, email__isnull=False, role_grants__role=role)
        others = accounts.exclude(role_grants__role=Role.APPROVER) if role == Role.OFFICIAL else accounts
        known = others.first()
        if known is not None:
            return known
    pk = uuid.uuid5(NAMESPACE, f"{role} {staff}")
    person, is_new = User.objects.get_or_create(pk=pk, defaults={"masked_name": NAMES[role], "is_seeded": True})
    if is_new:
        person.set_unusable_password()
        person.save(update_fields=["password"])
        for granted in {Role.OFFICIAL, role}:
            grant_role(user=person, role=granted, by=None)
    return User.objects.get(pk=pk)


Act = Callable[[Office, Proposal, Entry, dt.datetime], object]


def _review(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> None:
    department = office.departments[act["department"]]
    by = department.members.exclude(role_grants__role=Role.APPROVER).first() or office.official
    services.begin_review(proposal=proposal, by=by, department=department, at=at)


def _supplement(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> None:
    told = {"words": act["words"], "until": office.day(act["until"])}
    services.request_supplement(proposal=proposal, by=office.official, at=at, **told)


def _transfer(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> None:
    department = office.departments.get(act.get("department", ""))
    told = {"department": department, "office": act.get("office", ""), "words": act["words"]}
    services.transfer_proposal(proposal=proposal, by=office.official, at=at, **told)


def _merge(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> None:
    into = Proposal.objects.get(city=office.city, current__title=act["into"])
    services.merge_proposal(proposal=proposal, by=office.official, into=into, words=act["words"], at=at)


def _return(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> None:
    told = {"reason": act["reason"], "words": act["words"]}
    services.return_proposal(proposal=proposal, by=office.official, at=at, **told)


def _guide(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> None:
    told = {"channel": act["channel"], "words": act["words"]}
    services.guide_to_complaints(proposal=proposal, by=office.official, at=at, **told)


def _extend(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> None:
    services.extend_deadline(proposal=proposal, by=office.in_charge_of(proposal), words=act["words"], at=at)


def _progress(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> None:
    told = {"words": act["words"], "percent": act.get("percent")}
    services.report_progress(proposal=proposal, by=office.in_charge_of(proposal), at=at, **told)


def _hand_in(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> int:
    by, content = office.in_charge_of(proposal), office.content_of(proposal, act, at)
    return services.hand_in_answer(proposal=proposal, by=by, content=content, at=at).revision


def _answer(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> None:
    """Handed in the day before, and approved."""
    revision = _hand_in(office, proposal, act, at - dt.timedelta(days=1))
    services.approve_answer(proposal=proposal, by=office.approver_of(proposal), revision=revision, at=at)


def _send_back(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> None:
    waiting = proposal.answers.open().get()
    told = {"revision": waiting.revision, "remark": act["remark"]}
    services.send_back_answer(proposal=proposal, by=office.approver_of(proposal), at=at, **told)


def _withdraw(office: Office, proposal: Proposal, act: Entry, at: dt.datetime) -> None:
    if proposal.author is not None:
        services.withdraw_proposal(proposal=proposal, author=proposal.author, at=at)


_ACTS: dict[str, Act] = {
    "review": _review,
    "supplement": _supplement,
    "transfer": _transfer,
    "merge": _merge,
    "return": _return,
    "guide": _guide,
    "extend": _extend,
    "progress": _progress,
    "hand-in": _hand_in,
    "answer": _answer,
    "correct": _answer,
    "send-back": _send_back,
    "withdraw": _withdraw,
}
