"""What an official may do with a proposal: each act with its form, its service, and when it is offered."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from metacity.accounts.roles import Role
from metacity.commons import clocks
from participation.proposals import services
from participation.proposals.office import forms
from participation.proposals.office.desk import Desk
from participation.proposals.officework import today_of
from participation.proposals.states import DECIDED, TO_ANSWER, State, may_follow

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class OfficeAct:
    """`serve` takes `proposal`, `by`, `at` and what the form tells; whether it may is the service's to say."""

    name: str
    label: "StrOrPromise"
    done: "StrOrPromise"
    form: type[forms.ActForm]
    serve: Callable[..., object]
    is_offered: Callable[[Desk], bool]
    role: Role = Role.OFFICIAL

    def form_for(self, desk: Desk, data: Any = None) -> forms.ActForm:
        return self.form(data, desk=desk, act=self.name)

    def do(self, desk: Desk, at: dt.datetime, **told: Any) -> None:
        self.serve(proposal=desk.proposal, by=desk.official, at=at, **told)


def _may_become(state: State) -> Callable[[Desk], bool]:
    return lambda desk: may_follow(desk.proposal.state, state)


def _is_handled(desk: Desk) -> bool:
    return desk.proposal.state not in {State.MERGED, State.RETURNED}


def _may_extend(desk: Desk) -> bool:
    clock = desk.proposal.clock
    return clock is not None and clock.may_be_extended(today_of(desk.proposal, clocks.now()))


def _may_report(desk: Desk) -> bool:
    accepted = may_follow(desk.proposal.state, State.UNDER_WAY) or desk.proposal.state == State.UNDER_WAY
    return accepted and not desk.is_completed


def _may_write(desk: Desk) -> bool:
    is_open = desk.answer is None or desk.answer.is_writable
    return is_open and desk.proposal.state in {*TO_ANSWER, *DECIDED}


def _may_take_back(desk: Desk) -> bool:
    return desk.answer is not None and desk.answer.is_waiting and not desk.may_decide


HANDLING = (
    OfficeAct(
        "review",
        _("Confirm receipt and begin the review"),
        _("The review has begun."),
        forms.DepartmentForm,
        services.begin_review,
        _may_become(State.IN_REVIEW),
    ),
    OfficeAct(
        "assign",
        _("Name the department and who is in charge"),
        _("The department has been named."),
        forms.DepartmentForm,
        services.assign_department,
        _is_handled,
    ),
    OfficeAct(
        "supplement",
        _("Ask the author to add something"),
        _("The author has been asked."),
        forms.SupplementForm,
        services.request_supplement,
        _may_become(State.SUPPLEMENT_REQUESTED),
    ),
    OfficeAct(
        "extend",
        _("Extend the deadline"),
        _("The deadline has been extended."),
        forms.ExtendForm,
        services.extend_deadline,
        _may_extend,
    ),
    OfficeAct(
        "transfer",
        _("Hand over to another department or office"),
        _("The proposal has been handed over."),
        forms.TransferForm,
        services.transfer_proposal,
        _may_become(State.TRANSFERRED),
    ),
    OfficeAct(
        "merge",
        _("Merge into another proposal"),
        _("The proposal has been merged."),
        forms.MergeForm,
        services.merge_proposal,
        _may_become(State.MERGED),
    ),
    OfficeAct(
        "guide",
        _("Guide to the complaint service"),
        _("The author has been shown the way."),
        forms.GuideForm,
        services.guide_to_complaints,
        _may_become(State.RETURNED),
    ),
    OfficeAct(
        "return",
        _("Return the proposal"),
        _("The proposal has been returned."),
        forms.ReturnForm,
        services.return_proposal,
        _may_become(State.RETURNED),
    ),
    OfficeAct(
        "progress",
        _("Report progress"),
        _("The progress has been published."),
        forms.ProgressForm,
        services.report_progress,
        _may_report,
    ),
)
ANSWERING = (
    OfficeAct(
        "answer",
        _("Save the draft"),
        _("The draft is saved. Nobody outside the office sees it."),
        forms.AnswerForm,
        services.save_answer,
        _may_write,
    ),
    OfficeAct(
        "hand-in",
        _("Hand in for approval"),
        _("The answer waits for approval."),
        forms.AnswerForm,
        services.hand_in_answer,
        _may_write,
    ),
    OfficeAct(
        "take-back",
        _("Take back to change it"),
        _("The answer is a draft again."),
        forms.TakeBackForm,
        services.take_back_answer,
        _may_take_back,
    ),
    OfficeAct(
        "send-back",
        _("Send back to be revised"),
        _("The answer was sent back."),
        forms.SendBackForm,
        services.send_back_answer,
        lambda desk: desk.may_decide,
        Role.APPROVER,
    ),
    OfficeAct(
        "approve",
        _("Approve and publish"),
        _("The answer is published, and everybody concerned has been told."),
        forms.RevisionForm,
        services.approve_answer,
        lambda desk: desk.may_decide,
        Role.APPROVER,
    ),
)
BY_NAME = {act.name: act for act in (*HANDLING, *ANSWERING)}
