"""The API's shapes of meetings: in and out apart; they check shape and hold no rules."""

from typing import Any

from rest_framework import serializers

from participation.meetings.acts import ACTS
from participation.meetings.fairness import Reason
from participation.meetings.kinds import Choice, MeetingState, RestrictionKind, SpeechKind
from participation.processes.kinds import Level

# Longer texts are refused here with their field; the exact limits are the services'.
LONGEST = 10_000


class MeetingOut(serializers.Serializer[Any]):
    """A meeting as lists show it."""

    id = serializers.UUIDField()
    city = serializers.SlugField(source="city.slug")
    process = serializers.SlugField(source="process.slug", allow_null=True, default=None)
    proposal = serializers.UUIDField(source="proposal_id", allow_null=True)
    title = serializers.CharField()
    title_en = serializers.CharField()
    state = serializers.ChoiceField(choices=MeetingState.choices)
    state_label = serializers.CharField(source="get_state_display")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField(source="place_shown")
    url = serializers.CharField(source="get_absolute_url")


class WhichMeetings(serializers.Serializer[Any]):
    proposal = serializers.UUIDField(required=False)
    when = serializers.ChoiceField(choices=["today"], required=False)


class PlanOut(serializers.Serializer[Any]):
    title = serializers.CharField()
    title_en = serializers.CharField()
    summary = serializers.CharField()
    summary_en = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField()
    place_en = serializers.CharField()
    place_object = serializers.UUIDField(allow_null=True)
    speak_level = serializers.ChoiceField(choices=Level.choices)


class StageOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=MeetingState.choices)
    turn = serializers.IntegerField(help_text="Goes back with every act of whoever chairs.")
    item = serializers.UUIDField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    chair = serializers.CharField()
    deputy = serializers.CharField()
    clerk = serializers.CharField()


class ItemOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    position = serializers.IntegerField()
    title = serializers.CharField()
    title_en = serializers.CharField()
    minutes = serializers.IntegerField()
    proposal = serializers.UUIDField(allow_null=True)
    taken_up_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class SpeakerOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    seat = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=SpeechKind.choices)
    since = serializers.DateTimeField()


class WaitingOut(serializers.Serializer[Any]):
    """A place in the queue, and why."""

    id = serializers.UUIDField()
    seat = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=SpeechKind.choices)
    number = serializers.IntegerField()
    reason = serializers.ChoiceField(choices=Reason.choices)
    called_reason = serializers.CharField()
    spoken_s = serializers.IntegerField()


class FloorOut(serializers.Serializer[Any]):
    list_is_open = serializers.BooleanField()
    speaker = SpeakerOut(allow_null=True)
    queue = WaitingOut(many=True)


class VoteResultOut(serializers.Serializer[Any]):
    yes = serializers.IntegerField()
    no = serializers.IntegerField()
    abstain = serializers.IntegerField()
    entitled = serializers.IntegerField()


class LivePollOut(serializers.Serializer[Any]):
    """A vote; `result` is null until the chair has stopped it."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    item = serializers.UUIDField(allow_null=True)
    question = serializers.CharField()
    opened_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    result = VoteResultOut(allow_null=True)


class PersonOut(serializers.Serializer[Any]):
    seat = serializers.UUIDField()
    name = serializers.CharField()


class MessageOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    seat = serializers.UUIDField()
    name = serializers.CharField()
    text = serializers.CharField()
    written_at = serializers.DateTimeField()
    is_hidden = serializers.BooleanField()


class RestrictionOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    seat = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=RestrictionKind.choices)
    reason = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)


class MineOut(serializers.Serializer[Any]):
    """What whoever asks may do now; codes say why not."""

    is_chair = serializers.BooleanField()
    is_clerk = serializers.BooleanField()
    chat = serializers.CharField(help_text="Empty where one may, else the code of the refusal.")
    speak = serializers.CharField()
    point_of_order = serializers.CharField()
    vote = serializers.CharField()


class MeetingStateOut(MeetingOut):
    """A meeting as its page shows it. `room` and `seq` name where and after what to follow its events."""

    plan = PlanOut()
    stage = StageOut()
    agenda = ItemOut(many=True)
    floor = FloorOut()
    decisions = serializers.DictField(child=serializers.CharField())
    polls = LivePollOut(many=True)
    people = PersonOut(many=True)
    guests = serializers.IntegerField()
    messages = MessageOut(many=True)
    restrictions = RestrictionOut(many=True)
    mine = MineOut()
    room = serializers.CharField()
    seq = serializers.IntegerField()


class MessageIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST, trim_whitespace=False)


class AskIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=SpeechKind.choices, default=SpeechKind.ORDINARY)


class VoteIn(serializers.Serializer[Any]):
    poll = serializers.UUIDField()
    choice = serializers.ChoiceField(choices=Choice.choices)


class ActIn(serializers.Serializer[Any]):
    """An act of whoever chairs, with the `turn` at which they saw the meeting; other fields as the act needs."""

    act = serializers.ChoiceField(choices=sorted(ACTS))
    turn = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    item = serializers.UUIDField(required=False)
    speech = serializers.UUIDField(required=False)
    seat = serializers.UUIDField(required=False)
    restriction = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=RestrictionKind.choices, required=False)
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=10_000)
    reason = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    question = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    text = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)


class MinutesOut(serializers.Serializer[Any]):
    """Published minutes; `sha256` is that of `text` in UTF-8 and stands in the ledger."""

    text = serializers.CharField()
    version = serializers.IntegerField()
    approved_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField()
