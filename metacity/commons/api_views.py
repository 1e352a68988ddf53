"""Views of the API of the ground."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metacity.commons import events


class AfterSerializer(serializers.Serializer[None]):
    after = serializers.IntegerField(min_value=0, max_value=2**53, default=0, help_text="The last number known.")


class EventSerializer(serializers.Serializer[None]):
    seq = serializers.IntegerField()
    kind = serializers.CharField(allow_blank=True)
    payload = serializers.JSONField(allow_null=True, help_text="`null` for an event that is not for the reader.")


class ReplaySerializer(serializers.Serializer[None]):
    seq = serializers.IntegerField(help_text="The room's latest number.")
    events = EventSerializer(many=True)
    gap = serializers.BooleanField(help_text="Events are missing: fetch the state anew.")


class ReplayView(APIView):
    """What happened in a room after a number, for a client that noticed that it missed something."""

    @extend_schema(parameters=[AfterSerializer], responses=ReplaySerializer, tags=["events"])
    def get(self, request: Request, room: str) -> Response:
        asked = AfterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = events.replay(room=room, after=asked.validated_data["after"], user=request.user)
        return Response(asdict(found))
