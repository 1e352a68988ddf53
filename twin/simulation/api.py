"""Runs over the API."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from twin.mirror.designs import words
from twin.simulation import services, sheet
from twin.simulation.access import may_cancel, require_cancel, run_for
from twin.simulation.models import Run
from twin.simulation.pictures import NAMES


class LineOut(serializers.Serializer[sheet.Line]):
    title = serializers.CharField(source="label")
    baseline = serializers.CharField()
    scenario = serializers.CharField()
    change = serializers.CharField()


class NeighbourOut(serializers.Serializer[sheet.Neighbour]):
    object = serializers.UUIDField()
    name = serializers.CharField()
    loss = serializers.CharField()
    is_newly_below = serializers.BooleanField()
    households = serializers.IntegerField(allow_null=True)


class SheetOut(serializers.Serializer[sheet.Sheet]):
    headline = serializers.CharField()
    lines = LineOut(many=True)
    neighbours = NeighbourOut(many=True)
    more_neighbours = serializers.IntegerField()
    not_modelled = serializers.ListField(child=serializers.CharField())
    explanation = serializers.ListField(child=serializers.CharField())
    is_current = serializers.BooleanField()


class RunOut(serializers.Serializer[Run]):
    """A run, with its impact sheet when it is done. Every use of it must carry `notice`."""

    id = serializers.UUIDField()
    engine = serializers.CharField()
    engine_version = serializers.CharField()
    seed = serializers.IntegerField()
    input_hash = serializers.CharField()
    state = serializers.ChoiceField(choices=Run.State.choices)
    state_label = serializers.SerializerMethodField()
    progress = serializers.FloatField()
    notice = serializers.SerializerMethodField()
    may_cancel = serializers.SerializerMethodField()
    sheet = serializers.SerializerMethodField()
    pictures = serializers.SerializerMethodField()

    def get_state_label(self, run: Run) -> str:
        return sheet.state_label(run)

    def get_notice(self, run: Run) -> str:
        return words.label()

    def get_may_cancel(self, run: Run) -> bool:
        return not run.is_finished and may_cancel(self.context["request"].user, run)

    def get_sheet(self, run: Run) -> dict[str, Any] | None:
        return dict(SheetOut(sheet.sheet_of(run)).data) if run.state == Run.State.DONE else None

    def get_pictures(self, run: Run) -> dict[str, str]:
        if run.state != Run.State.DONE:
            return {}
        return {name: reverse("simulation:picture", args=[run.id, name]) for name in NAMES}


@extend_schema(responses=RunOut, summary="A run and its impact sheet")
@api_view(["GET"])
def run_detail(request: Request, pk: str) -> Response:
    run = run_for(request.user, pk)
    return Response(RunOut(run, context={"request": request}).data)


@extend_schema(request=None, responses=RunOut, summary="Stop a run that waits or computes")
@api_view(["POST"])
def run_cancel(request: Request, pk: str) -> Response:
    run = run_for(request.user, pk)
    require_cancel(request.user, run)
    return Response(RunOut(services.cancel_run(run=run), context={"request": request}).data)
