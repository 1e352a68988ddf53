"""The API's shapes of proposals: in and out apart; they check shape and hold no rules."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from participation.proposals.designs import described, run_of
from participation.proposals.models import Proposal
from participation.proposals.models.proposals import PlaceKind
from participation.proposals.states import State
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


class ProposalIn(serializers.Serializer[Any]):
    """A new proposal. `key`, chosen by the client, makes sending it twice harmless."""

    key = serializers.UUIDField()
    process = serializers.SlugField()
    city = serializers.SlugField(required=False)
    title = serializers.CharField(max_length=LONGEST)
    text = serializers.CharField(max_length=LONGEST)
    place = PlaceIn(required=False, allow_null=True)
    design = serializers.JSONField(required=False, allow_null=True, help_text=DESIGN_HELP)


class RevisionIn(serializers.Serializer[Any]):
    """The whole next version: a place or a design that is left out is no longer part of it."""

    key = serializers.UUIDField()
    title = serializers.CharField(max_length=LONGEST)
    text = serializers.CharField(max_length=LONGEST)
    reason = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, default="")
    place = PlaceIn(required=False, allow_null=True)
    design = serializers.JSONField(required=False, allow_null=True, help_text=DESIGN_HELP)


class PlaceOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=PlaceKind.choices, source="place_kind")
    words = serializers.CharField(source="place_shown")
    object = serializers.UUIDField(source="object_id", allow_null=True)
    e = serializers.FloatField(allow_null=True)
    n = serializers.FloatField(allow_null=True)
    z = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)


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
