"""The API's shapes of processes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from metacity.commons.i18n import both
from participation.processes.kinds import Act, DesignKind, Land, Level, PhaseKind, ProcessKind
from participation.processes.models import Phase, Process


class WordsOut(serializers.Serializer[Any]):
    """The same in both languages; English falls back to Korean."""

    ko = serializers.CharField()
    en = serializers.CharField()


class PhaseOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=PhaseKind.choices)
    title = serializers.CharField(source="shown_title")
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    allows = serializers.ListField(child=serializers.ChoiceField(choices=Act.choices), source="acts")
    min_level = serializers.ChoiceField(choices=Level.choices)


class ProcessOut(serializers.Serializer[Any]):
    """A process with its phases and what citizens may design in it."""

    id = serializers.UUIDField()
    city = serializers.SlugField(source="city.slug")
    slug = serializers.SlugField()
    kind = serializers.ChoiceField(choices=ProcessKind.choices)
    title = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    office = serializers.SerializerMethodField()
    open_kinds = serializers.ListField(child=serializers.ChoiceField(choices=DesignKind.choices), source="design_kinds")
    open_land = serializers.ChoiceField(choices=Land.choices)
    allows_demolition = serializers.BooleanField()
    support_goal = serializers.IntegerField(allow_null=True)
    answer_days = serializers.IntegerField(
        source="days_to_answer", help_text="Working days in which a proposal with enough supports is answered."
    )
    phases = serializers.SerializerMethodField()
    current_phase = serializers.SerializerMethodField()

    def get_title(self, process: Process) -> WordsOut:
        return both(process, "title")  # type: ignore[return-value]

    def get_summary(self, process: Process) -> WordsOut:
        return both(process, "summary")  # type: ignore[return-value]

    def get_office(self, process: Process) -> WordsOut:
        return both(process, "office")  # type: ignore[return-value]

    @extend_schema_field(PhaseOut(many=True))
    def get_phases(self, process: Process) -> Any:
        return PhaseOut(process.timeline(), many=True).data

    @extend_schema_field(PhaseOut(allow_null=True))
    def get_current_phase(self, process: Process) -> Any:
        phase: Phase | None = process.current_phase(self.context["now"])
        return PhaseOut(phase).data if phase else None
