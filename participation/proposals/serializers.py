"""The API's shapes of proposals: in and out apart; they check shape and hold no rules."""

from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from metacity.commons import clocks
from metacity.commons.i18n import both
from participation.proposals.designs import described, run_of
from participation.proposals.models import Deadline, Decision, Department, Photo, Proposal, Step
from participation.proposals.models.proposals import PlaceKind
from participation.proposals.officework import today_of
from participation.proposals.photos import told_of
from participation.proposals.states import State
from participation.proposals.timeline import Entry, history_of, published_in
from twin.mirror.designs import words
from twin.simulation.models import Run
from twin.simulation.sheet import sheet_of, state_label

# Longer texts are refused here with their field; the exact limits are the service's.
LONGEST = 100_000


DESIGN_HELP = 'What it would change in the twin: `{"changes": [...]}`, metres in the city\'s local frame.'


class PlaceIn(serializers.Serializer[Any]):
    """A place: an object, or a point in the local frame or in degrees. Left out, the idea is for the whole district."""

    object = serializers.UUIDField(required=False)
    e = serializers.FloatField(required=False, help_text="Metres east of the city's origin.")
    n = serializers.FloatField(required=False, help_text="Metres north of the city's origin.")
    lon = serializers.FloatField(required=False, help_text="Degrees, WGS 84.")
    lat = serializers.FloatField(required=False, help_text="Degrees, WGS 84.")


class PhotoIn(serializers.Serializer[Any]):
    """A photo that was sent before, or one of the version before, with words for people who cannot see it."""

    id = serializers.UUIDField()
    alt = serializers.CharField(max_length=LONGEST)


class ProposalIn(serializers.Serializer[Any]):
    """A new proposal. `key`, chosen by the client, makes sending it twice harmless."""

    key = serializers.UUIDField()
    process = serializers.SlugField()
    city = serializers.SlugField(required=False)
    title = serializers.CharField(max_length=LONGEST)
    text = serializers.CharField(max_length=LONGEST)
    place = PlaceIn(required=False, allow_null=True)
    design = serializers.JSONField(required=False, allow_null=True, help_text=DESIGN_HELP)
    photos = PhotoIn(many=True, required=False)


class RevisionIn(serializers.Serializer[Any]):
    """The whole next version: a place, a design or a photo that is left out is no longer part of it."""

    key = serializers.UUIDField()
    title = serializers.CharField(max_length=LONGEST)
    text = serializers.CharField(max_length=LONGEST)
    reason = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, default="")
    place = PlaceIn(required=False, allow_null=True)
    design = serializers.JSONField(required=False, allow_null=True, help_text=DESIGN_HELP)
    photos = PhotoIn(many=True, required=False)


class PlaceOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=PlaceKind.choices, source="place_kind")
    words = serializers.CharField(source="place_shown")
    object = serializers.UUIDField(source="object_id", allow_null=True)
    e = serializers.FloatField(allow_null=True)
    n = serializers.FloatField(allow_null=True)
    z = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)


class PhotoFileIn(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="JPEG, PNG or WebP, up to 15 MB.")


class SentPhotoOut(serializers.Serializer[Photo]):
    """A photo that waits a day to be named in a submission."""

    id = serializers.UUIDField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class PhotoOut(serializers.Serializer[Any]):
    """A photo. `width` and `height` are of the largest size."""

    id = serializers.UUIDField()
    alt = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    small = serializers.CharField(help_text="Address; up to 480 pixels on the longer side.")
    medium = serializers.CharField(help_text="Address; up to 960.")
    large = serializers.CharField(help_text="Address; up to 1920.")


class ProposalOut(serializers.Serializer[Any]):
    """A proposal as lists show it."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    city = serializers.SlugField(source="city.slug")
    process = serializers.SlugField(source="process.slug")
    title = serializers.CharField(source="content.title")
    author = serializers.CharField(source="author_name")
    state = serializers.ChoiceField(choices=State.choices)
    state_label = serializers.CharField(source="get_state_display")
    submitted_at = serializers.DateTimeField()
    supports = serializers.IntegerField(source="supports_count")
    place = PlaceOut(source="content")
    url = serializers.CharField(source="get_absolute_url")
    photos = serializers.SerializerMethodField()

    @extend_schema_field(PhotoOut(many=True))
    def get_photos(self, proposal: Proposal) -> Any:
        return PhotoOut([told_of(proposal, photo) for photo in proposal.content.photos.all()], many=True).data


class VersionOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField()
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()


class DesignOut(serializers.Serializer[Any]):
    """What the idea would change in the twin. Whoever shows it shows `notice` with it."""

    changes = serializers.ListField(child=serializers.DictField())
    description = serializers.ListField(child=serializers.CharField())
    notice = serializers.CharField()
    version = serializers.IntegerField()


class ProposalRunOut(serializers.Serializer[Run]):
    """How far the computation of a design's effects is; the whole of it is at `runs/<run>/`."""

    run = serializers.CharField(source="id")
    state = serializers.ChoiceField(choices=Run.State.choices)
    state_label = serializers.SerializerMethodField()
    progress = serializers.FloatField()
    headline = serializers.SerializerMethodField()

    def get_state_label(self, run: Run) -> str:
        return state_label(run)

    def get_headline(self, run: Run) -> str:
        return sheet_of(run).headline if run.state == Run.State.DONE else ""


class DepartmentOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    ko = serializers.SerializerMethodField()
    en = serializers.SerializerMethodField()

    def get_ko(self, department: Department) -> str:
        return both(department, "name")["ko"]

    def get_en(self, department: Department) -> str:
        return both(department, "name")["en"]


class DeadlineOut(serializers.Serializer[Any]):
    """Until when the office answers. `is_overdue` is of the moment; no event tells of midnight."""

    goal = serializers.IntegerField()
    days = serializers.IntegerField(help_text="Working days.")
    due_on = serializers.DateField()
    extensions = serializers.IntegerField()
    is_paused = serializers.BooleanField()
    has_ended = serializers.BooleanField()
    is_overdue = serializers.SerializerMethodField()

    def get_is_overdue(self, deadline: Deadline) -> bool:
        return deadline.is_late(today_of(deadline.proposal, clocks.now()))


class AnswerOut(serializers.Serializer[Any]):
    """What the office answered, or corrected."""

    number = serializers.IntegerField(allow_null=True)
    decision = serializers.ChoiceField(choices=Decision.choices)
    decision_label = serializers.CharField(source="get_decision_display")
    text = serializers.CharField()
    next_steps = serializers.CharField()
    planned_on = serializers.DateField(allow_null=True)
    correction = serializers.CharField(help_text="What it corrects; empty where it is no correction.")
    department = DepartmentOut(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)


class HistoryOut(serializers.Serializer[Any]):
    """One step, in plain words."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    sentence = serializers.CharField()
    words = serializers.CharField()
    percent = serializers.IntegerField(allow_null=True)
    link = serializers.CharField()
    other = serializers.SerializerMethodField(help_text="The address of the other proposal where two were merged.")

    def get_other(self, entry: Entry) -> str:
        return entry.other.get_absolute_url() if entry.other else ""


class ProposalDetailOut(ProposalOut):
    """A proposal as its page shows it. `room` and `seq` name where and after what to follow its events."""

    text = serializers.CharField(source="content.text")
    disclaimer = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="content.number")
    versions = serializers.SerializerMethodField()
    supported_by_me = serializers.BooleanField(source="is_supported")
    takes_support = serializers.BooleanField()
    is_hidden = serializers.BooleanField(help_text="Kept by moderation from all but its author.")
    design = serializers.SerializerMethodField()
    run = serializers.SerializerMethodField()
    department = DepartmentOut(allow_null=True)
    deadline = DeadlineOut(source="clock", allow_null=True)
    answers = serializers.SerializerMethodField(help_text="The latest first.")
    history = serializers.SerializerMethodField(help_text="Every step, the earliest first.")
    room = serializers.CharField()
    seq = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField())
    def get_disclaimer(self, proposal: Proposal) -> str:
        from participation.proposals.pictures import not_a_plan

        return not_a_plan()

    @extend_schema_field(VersionOut(many=True))
    def get_versions(self, proposal: Proposal) -> Any:
        return VersionOut(proposal.versions.defer("text", "search_text"), many=True).data

    @extend_schema_field(DesignOut(allow_null=True))
    def get_design(self, proposal: Proposal) -> Any:
        version = proposal.content.design_version
        if version is None:
            return None
        told = {"changes": version.changes["changes"], "description": described(proposal)}
        return DesignOut(told | {"notice": words.label(), "version": version.number}).data

    @extend_schema_field(ProposalRunOut(allow_null=True))
    def get_run(self, proposal: Proposal) -> Any:
        run = run_of(proposal.content)
        return ProposalRunOut(run).data if run else None

    @extend_schema_field(AnswerOut(many=True))
    def get_answers(self, proposal: Proposal) -> Any:
        return AnswerOut(published_in(self._steps), many=True).data

    @extend_schema_field(HistoryOut(many=True))
    def get_history(self, proposal: Proposal) -> Any:
        return HistoryOut(history_of(proposal, self._steps), many=True).data

    @cached_property
    def _steps(self) -> list[Step]:
        """Asked for once, for answers and history."""
        return list(self.instance.steps.told()) if isinstance(self.instance, Proposal) else []

    def get_seq(self, proposal: Proposal) -> int:
        return int(self.context["seq"])


class SupportOut(serializers.Serializer[Any]):
    supports = serializers.IntegerField()
    supported_by_me = serializers.BooleanField()
    seq = serializers.IntegerField()


class PinOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    state_label = serializers.DictField(child=serializers.CharField(), help_text="In `ko` and `en`.")
    kind = serializers.ChoiceField(choices=PlaceKind.choices)
    e = serializers.FloatField()
    n = serializers.FloatField()
    z = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    supports = serializers.IntegerField()
    url = serializers.CharField()
    has_design = serializers.BooleanField()


class PinsOut(serializers.Serializer[Any]):
    pins = PinOut(many=True)
    room = serializers.CharField()
    seq = serializers.IntegerField()
