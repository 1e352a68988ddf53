"""The API's shapes of the office's work: in and out apart; they check shape and hold no rules."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from metacity.accounts.models import User
from participation.proposals.models import Answer, Decision, Department, Proposal
from participation.proposals.officework import Channel, ReturnReason
from participation.proposals.serializers import AnswerOut, DeadlineOut, DepartmentOut, HistoryOut, ProposalOut

LONGEST = 100_000


class NothingIn(serializers.Serializer[Any]):
    """Nothing is asked."""


class DepartmentIn(serializers.Serializer[Any]):
    department = serializers.PrimaryKeyRelatedField(queryset=Department.objects.all())
    in_charge = serializers.PrimaryKeyRelatedField(queryset=User.objects.members(), required=False, allow_null=True)


class SupplementIn(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=LONGEST)
    until = serializers.DateField()


class TransferIn(serializers.Serializer[Any]):
    """To a department of this office, or to another office by its name."""

    department = serializers.PrimaryKeyRelatedField(queryset=Department.objects.all(), required=False, allow_null=True)
    office = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    words = serializers.CharField(max_length=LONGEST)


class MergeIn(serializers.Serializer[Any]):
    into = serializers.PrimaryKeyRelatedField(queryset=Proposal.objects.all())
    words = serializers.CharField(max_length=LONGEST)


class ReturnIn(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=ReturnReason.choices)
    words = serializers.CharField(max_length=LONGEST)


class GuideIn(serializers.Serializer[Any]):
    channel = serializers.ChoiceField(choices=Channel.choices)
    words = serializers.CharField(max_length=LONGEST)


class WordsIn(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=LONGEST)


class ProgressIn(WordsIn):
    percent = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=100)


class AnswerIn(serializers.Serializer[Any]):
    """An answer; with `correction` it corrects the one that is published."""

    decision = serializers.ChoiceField(choices=Decision.choices)
    text = serializers.CharField(max_length=LONGEST)
    next_steps = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    planned_on = serializers.DateField(required=False, allow_null=True)
    correction = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)


class AnswerRevisionIn(serializers.Serializer[Any]):
    """The revision of the answer as it was read."""

    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class SendBackIn(AnswerRevisionIn):
    remark = serializers.CharField(max_length=LONGEST)


class OfficeProposalOut(ProposalOut):
    """A proposal as the office's list shows it."""

    department = DepartmentOut(allow_null=True)
    in_charge = serializers.SerializerMethodField()
    deadline = DeadlineOut(source="clock", allow_null=True)

    def get_in_charge(self, proposal: Proposal) -> str:
        return str(proposal.in_charge) if proposal.in_charge else ""


class OpenAnswerOut(AnswerOut):
    """An answer that is being written or waits for approval."""

    state = serializers.ChoiceField(choices=Answer.State.choices)
    revision = serializers.IntegerField()
    handed_in_at = serializers.DateTimeField(allow_null=True)
    remark = serializers.CharField()


class DeskOut(OfficeProposalOut):
    """One proposal with what has happened and what may be done."""

    text = serializers.CharField(source="content.text")
    open_answer = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()
    acts = serializers.SerializerMethodField()

    @extend_schema_field(OpenAnswerOut(allow_null=True))
    def get_open_answer(self, proposal: Proposal) -> Any:
        answer = self.context["desk"].answer
        return OpenAnswerOut(answer).data if answer else None

    @extend_schema_field(AnswerOut(many=True))
    def get_answers(self, proposal: Proposal) -> Any:
        return AnswerOut(self.context["desk"].published, many=True).data

    @extend_schema_field(HistoryOut(many=True))
    def get_history(self, proposal: Proposal) -> Any:
        return HistoryOut(self.context["history"], many=True).data

    def get_acts(self, proposal: Proposal) -> list[str]:
        return list(self.context["acts"])
