"""The API's shapes of votes: in and out apart; they check shape and hold no rules."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from metacity.commons.i18n import both
from participation.processes.kinds import Level
from participation.processes.serializers import WordsOut
from participation.voting.eligibility import Standing
from participation.voting.live import result_of
from participation.voting.models import Choice, Majority, Poll, PollNotice
from participation.voting.outcome import Outcome
from participation.voting.showing import how_decided, who_may
from participation.voting.states import State

# Longer texts are refused here with their field; the exact limits are the service's.
LONGEST = 100_000


class ResultOut(serializers.Serializer[Any]):
    yes = serializers.IntegerField()
    no = serializers.IntegerField()
    abstain = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)


class PollOut(serializers.Serializer[Any]):
    """A vote as lists show it: `turnout` in steps while it runs, `ballots` after the close, `result` at last."""

    id = serializers.UUIDField()
    city = serializers.SlugField(source="city.slug")
    proposal = serializers.UUIDField(source="proposal_id")
    state = serializers.ChoiceField(choices=State.choices)
    state_label = serializers.CharField(source="get_state_display")
    question = serializers.SerializerMethodField()
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    roll = serializers.IntegerField(source="roll_size", allow_null=True)
    turnout = serializers.IntegerField()
    turnout_step = serializers.IntegerField()
    ballots = serializers.IntegerField(allow_null=True)
    result = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url")
    ballot_url = serializers.CharField()

    @extend_schema_field(WordsOut)
    def get_question(self, poll: Poll) -> dict[str, str]:
        return both(poll, "question")

    @extend_schema_field(ResultOut(allow_null=True))
    def get_result(self, poll: Poll) -> dict[str, Any] | None:
        return result_of(poll)


class NoticeOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=PollNotice.Kind.choices)
    reason = serializers.CharField()
    closed_before = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    made_at = serializers.DateTimeField()


class PollDetailOut(PollOut):
    """A vote as its page shows it. `room` and `seq` name where and after what to follow its events."""

    text = serializers.SerializerMethodField()
    meaning = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="version.number", help_text="Which version of the proposal is voted on.")
    min_level = serializers.ChoiceField(choices=Level.choices)
    districts = serializers.ListField(child=serializers.CharField())
    min_age = serializers.IntegerField(allow_null=True)
    quorum_percent = serializers.IntegerField(allow_null=True)
    majority = serializers.ChoiceField(choices=Majority.choices)
    who_may = serializers.SerializerMethodField(help_text="The rule of the roll in sentences.")
    how_decided = serializers.SerializerMethodField(help_text="The rule of the result in sentences.")
    board_head = serializers.CharField()
    notices = NoticeOut(many=True)
    room = serializers.CharField()
    seq = serializers.SerializerMethodField()

    @extend_schema_field(WordsOut)
    def get_text(self, poll: Poll) -> dict[str, str]:
        return both(poll, "text")

    @extend_schema_field(WordsOut)
    def get_meaning(self, poll: Poll) -> dict[str, str]:
        return both(poll, "meaning")

    def get_who_may(self, poll: Poll) -> list[str]:
        return who_may(poll)

    def get_how_decided(self, poll: Poll) -> list[str]:
        return how_decided(poll)

    def get_seq(self, poll: Poll) -> int:
        return int(self.context["seq"])


class StandingOut(serializers.Serializer[Standing]):
    """Where who asks stands. Before the vote opens, `on_roll` is what it would be as things stand."""

    on_roll = serializers.BooleanField(source="is_on_roll")
    has_voted = serializers.BooleanField()
    may_vote = serializers.BooleanField()
    refusal = serializers.SerializerMethodField(help_text="The code of what stands in the way now; empty if nothing.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="What keeps one off the roll, in words.")

    def get_refusal(self, standing: Standing) -> str:
        return standing.refusal.code if standing.refusal else ""


class BallotIn(serializers.Serializer[Any]):
    """One's one ballot. Draw `key` at random before the choice is made, and send the same again after a lost answer."""

    choice = serializers.ChoiceField(choices=Choice.choices)
    key = serializers.UUIDField()


class BallotOut(serializers.Serializer[Any]):
    receipt = serializers.CharField(help_text="Told this once: nobody keeps it.")


class ReceiptIn(serializers.Serializer[Any]):
    receipt = serializers.CharField(max_length=80)


class ReceiptOut(serializers.Serializer[Any]):
    """`number` is told after the close, `choice` with the result."""

    well_formed = serializers.BooleanField(source="is_well_formed")
    recorded = serializers.BooleanField(source="is_recorded")
    number = serializers.IntegerField(allow_null=True)
    choice = serializers.CharField(allow_blank=True)


class BoardEntryOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    commitment = serializers.CharField()
    chain = serializers.CharField()
    choice = serializers.ChoiceField(choices=Choice.choices, required=False)
    image = serializers.CharField(required=False)


class BoardOut(serializers.Serializer[Any]):
    """The whole board, as `verify.py` reads it."""

    format = serializers.CharField()
    poll = serializers.UUIDField()
    head = serializers.CharField()
    roll = serializers.IntegerField()
    result = serializers.DictField(child=serializers.IntegerField(), allow_null=True)
    ballots = BoardEntryOut(many=True)


class PollIn(serializers.Serializer[Any]):
    """Everything that a vote is decided by."""

    question = serializers.CharField(max_length=LONGEST)
    question_en = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    text = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    text_en = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    meaning = serializers.CharField(max_length=LONGEST)
    meaning_en = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    min_level = serializers.ChoiceField(choices=Level.choices, required=False)
    districts = serializers.ListField(child=serializers.CharField(max_length=40), max_length=100, required=False)
    min_age = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=200)
    quorum_percent = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=100)
    majority = serializers.ChoiceField(choices=Majority.choices, required=False)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()


class NewPollIn(PollIn):
    proposal = serializers.UUIDField()


class FindingOut(serializers.Serializer[Any]):
    good = serializers.BooleanField(source="is_good")
    text = serializers.CharField()


class ReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST, trim_whitespace=True, required=False, default="")
    until = serializers.DateTimeField(required=False, help_text="For `extend`: the new closing time.")
