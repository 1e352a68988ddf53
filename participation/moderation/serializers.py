"""The API's shapes of moderation: in and out apart; they check shape and hold no rules."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from participation.moderation.models import Appeal, Case, Decision, Report
from participation.moderation.outcomes import Outcome, Standing
from participation.moderation.policy import Policy, policy
from participation.moderation.statistics import statistics
from participation.moderation.subjects import Subject, label_of

# Longer texts are refused here with their field; the exact limits are the services'.
LONGEST = 100_000


class ReasonOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField(source="wording.text")
    is_urgent = serializers.BooleanField()
    needs_words = serializers.BooleanField()
    allows_temporary = serializers.BooleanField()


class ReasonRowOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    reports = serializers.IntegerField()
    outcomes = serializers.DictField(child=serializers.IntegerField(), help_text="How many decisions, by outcome.")


class StatisticsOut(serializers.Serializer[Any]):
    """The last twelve months."""

    rows = ReasonRowOut(many=True)
    median_hours = serializers.FloatField(allow_null=True, help_text="From the first report to the decision.")
    decisions = serializers.IntegerField()
    restored = serializers.IntegerField()
    appeals = serializers.IntegerField()
    granted = serializers.IntegerField()
    upheld = serializers.IntegerField()


class RulesOut(serializers.Serializer[Policy]):
    """The published rules, in the language asked for, and what came of them."""

    version = serializers.IntegerField()
    since = serializers.DateField()
    answer_days = serializers.IntegerField(help_text="Working days until a report is looked at.")
    appeal_days = serializers.IntegerField(help_text="Days within which an author can object.")
    appeal_answer_days = serializers.IntegerField(help_text="Working days until an objection is answered.")
    temporary_days = serializers.IntegerField(help_text="The longest temporary measure, in days.")
    reasons = ReasonOut(many=True)
    statistics = serializers.SerializerMethodField()

    @extend_schema_field(StatisticsOut())
    def get_statistics(self, rules: Policy) -> Any:
        return StatisticsOut(statistics(self.context["now"])).data


class ReportIn(serializers.Serializer[Any]):
    kind = serializers.SlugField(help_text="What is reported: `proposal`, `alias`, …")
    subject = serializers.UUIDField()
    reason = serializers.CharField(max_length=40, help_text="A code of the published list.")
    words = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, default="")


class ReportOut(serializers.Serializer[Report]):
    """A report as its maker sees it."""

    id = serializers.UUIDField()
    kind = serializers.CharField(source="case.kind")
    subject = serializers.UUIDField(source="case.subject_id")
    reason = serializers.CharField()
    words = serializers.CharField()
    made_at = serializers.DateTimeField()
    outcome = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=Outcome.choices, allow_null=True))
    def get_outcome(self, report: Report) -> str | None:
        return report.decision.outcome if report.decision else None


class AppealIn(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=LONGEST, allow_blank=True)


class AppealOut(serializers.Serializer[Appeal]):
    """An objection as its author sees it: who answered is not told."""

    id = serializers.UUIDField()
    words = serializers.CharField()
    made_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=Appeal.State.choices)
    answer = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class DecisionOut(serializers.Serializer[Decision]):
    """A decision as its author sees it: who decided is not told."""

    id = serializers.UUIDField()
    kind = serializers.CharField(source="case.kind")
    subject = serializers.UUIDField(source="case.subject_id")
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    rule = serializers.CharField()
    rule_title = serializers.SerializerMethodField()
    words = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)
    made_at = serializers.DateTimeField()
    stands = serializers.BooleanField()
    appeal = serializers.SerializerMethodField()

    def get_rule_title(self, decision: Decision) -> str:
        return policy().title_of(decision.rule)

    @extend_schema_field(AppealOut(allow_null=True))
    def get_appeal(self, decision: Decision) -> Any:
        appeal = getattr(decision, "appeal", None)
        return AppealOut(appeal).data if appeal else None


# --- For moderators ---


class CaseOut(serializers.Serializer[Case]):
    """A case in the queue."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    kind_label = serializers.SerializerMethodField()
    subject = serializers.UUIDField(source="subject_id")
    state = serializers.ChoiceField(choices=Case.State.choices)
    standing = serializers.ChoiceField(choices=Standing.choices)
    hidden_until = serializers.DateTimeField(allow_null=True)
    waiting_reports = serializers.IntegerField(help_text="Reports since the last decision, one a person.")
    waiting_since = serializers.DateTimeField(allow_null=True)
    is_urgent = serializers.BooleanField()
    revision = serializers.IntegerField(help_text="To be sent with a decision.")

    def get_kind_label(self, case: Case) -> str:
        return label_of(case.kind)


class SubjectOut(serializers.Serializer[Subject]):
    title = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()
    author = serializers.SerializerMethodField()
    written_at = serializers.DateTimeField()
    is_hidden = serializers.BooleanField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_author(self, subject: Subject) -> str | None:
        return subject.author.display_name if subject.author else None


class WaitingReportOut(serializers.Serializer[Report]):
    """A report as moderators see it: why, and not by whom."""

    reason = serializers.CharField()
    words = serializers.CharField()
    made_at = serializers.DateTimeField()


class PastDecisionOut(DecisionOut):
    decided_by = serializers.CharField(source="decided_by.display_name", allow_null=True, default=None)
    is_by_clock = serializers.BooleanField()


class CaseDetailOut(serializers.Serializer[Any]):
    """A case with what a moderator needs to see beside it."""

    case = CaseOut()
    open_outcomes = serializers.ListField(child=serializers.ChoiceField(choices=Outcome.choices), source="outcomes")
    subject = SubjectOut(allow_null=True, help_text="`null` once it has gone.")
    reports = WaitingReportOut(many=True)
    decisions = PastDecisionOut(many=True)
    earlier_measures = serializers.IntegerField(help_text="Against other texts of the same author.")
    is_mine = serializers.BooleanField(help_text="You have it in hand.")
    is_taken = serializers.BooleanField(help_text="Another moderator has it in hand.")
    is_involved = serializers.BooleanField(help_text="You wrote or reported it, and cannot decide it.")


class DecisionIn(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    rule = serializers.CharField(max_length=40)
    words = serializers.CharField(max_length=LONGEST, allow_blank=True)
    days = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=-(2**31), max_value=2**31 - 1
    )
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class WaitingAppealOut(AppealOut):
    decision = PastDecisionOut()


class AppealAnswerIn(serializers.Serializer[Any]):
    grants = serializers.BooleanField(help_text="Whether what was hidden is shown again.")
    words = serializers.CharField(max_length=LONGEST, allow_blank=True)
