"""The API of meetings: the same services and access rules as the pages."""

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metacity.accounts.access import lacks_second_factor, require_signed_in
from metacity.accounts.errors import SecondFactorRequired
from metacity.accounts.limits import client_address, consume
from metacity.commons import clocks, events
from metacity.commons.api import NumberedPages
from participation.meetings.access import meeting_for, minutes_for, place_of, public_meeting
from participation.meetings.acts import perform
from participation.meetings.kinds import Choice, SpeechKind
from participation.meetings.models import Meeting
from participation.meetings.serializers import (
    ActIn,
    AskIn,
    MeetingOut,
    MeetingStateOut,
    MessageIn,
    MessageOut,
    MinutesOut,
    VoteIn,
    WhichMeetings,
)
from participation.meetings.services.attendance import attend
from participation.meetings.services.chat import write_message
from participation.meetings.services.polls import vote
from participation.meetings.services.speaking import ask_to_speak, end_own_speech, withdraw_wish
from participation.meetings.telling import message_of, messages_of, state_of
from twin.mirror.services import city_for

_CITY = OpenApiParameter("city", str, description="Slug; the default city's where left out.")
_PAGES = [OpenApiParameter("page", int), OpenApiParameter("size", int)]
_PROPOSAL = OpenApiParameter("proposal", uuid.UUID, description="Meetings about this proposal alone.")
_WHEN = OpenApiParameter("when", str, enum=["today"], description="On now, or beginning today where the city is.")
# Pages of one address say that they are there: a school's sixty phones may, a flood of invented guests may not.
HEARTBEATS_A_MINUTE = 300


class MeetingsView(APIView):
    """Meetings of a city, the latest first; or those that one can go to now or today, the most urgent first."""

    @extend_schema(
        operation_id="meetings_list", parameters=[_CITY, _PROPOSAL, _WHEN, *_PAGES], responses=MeetingOut(many=True)
    )
    def get(self, request: Request) -> Response:
        city = city_for(request.query_params.get("city") or None, request.user)
        found = Meeting.objects.in_city(city).with_people().order_by("-starts_at")
        asked = WhichMeetings(data=request.query_params)
        asked.is_valid(raise_exception=True)
        if "proposal" in asked.validated_data:
            found = found.filter(proposal=asked.validated_data["proposal"])
        if asked.validated_data.get("when") == "today":
            found = found.at_hand(clocks.now(), city.time_zone)
        pages = NumberedPages()
        page: list[Any] = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response(MeetingOut(page, many=True).data)


class MeetingView(APIView):
    """One meeting, as it is now."""

    @extend_schema(operation_id="meeting_read", responses=MeetingStateOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        # The number of the last event first: what happens from here on is told once more, and nothing is missed.
        seq = events.latest(f"meeting.{pk}")
        meeting = meeting_for(request.user, pk)
        told = MeetingOut(meeting).data | state_of(meeting, request.user)
        return Response(told | {"mine": _mine(meeting, request), "room": meeting.room, "seq": seq})


class MessagesView(APIView):
    """What people write: the latest or those before a number; and writing."""

    @extend_schema(
        operation_id="meeting_messages",
        parameters=[OpenApiParameter("before", int, description="Messages with smaller numbers.")],
        responses=MessageOut(many=True),
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        before = request.query_params.get("before", "")
        meeting = meeting_for(request.user, pk)
        return Response(messages_of(meeting, request.user, int(before) if _is_number(before) else None))

    @extend_schema(operation_id="meeting_write", request=MessageIn, responses={201: MessageOut})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        person = require_signed_in(request.user)
        told = _read(MessageIn, request)
        # Whom the chair has removed is refused by the act itself.
        meeting = public_meeting(person, pk)
        message = write_message(meeting=meeting, person=person, text=told["text"], at=clocks.now())
        return Response(message_of(message), status=201)


class AttendanceView(APIView):
    """Saying that one is there, every forty seconds or so."""

    @extend_schema(operation_id="meeting_attend", request=None, responses={204: None})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        django_request = request._request
        consume(scope="meeting-here", key=client_address(django_request), limit=HEARTBEATS_A_MINUTE, window_s=60)
        meeting = public_meeting(request.user, pk)
        attend(meeting=meeting, user=request.user, session_key=session_key_of(django_request), at=clocks.now())
        return Response(status=204)


class SpeechesView(APIView):
    """Asking for the floor."""

    @extend_schema(operation_id="meeting_ask_to_speak", request=AskIn, responses={201: None})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        person = require_signed_in(request.user)
        kind = SpeechKind(_read(AskIn, request)["kind"])
        speech = ask_to_speak(meeting=public_meeting(person, pk), person=person, kind=kind, at=clocks.now())
        return Response({"id": str(speech.id)}, status=201)


class SpeechView(APIView):
    """One's own wish to speak, or speech: DELETE takes the wish back, or gives the floor back."""

    @extend_schema(operation_id="meeting_withdraw_wish", responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID, speech: uuid.UUID) -> Response:
        person = require_signed_in(request.user)
        meeting = meeting_for(person, pk)
        if meeting.speeches.speaking().filter(pk=speech).exists():
            end_own_speech(meeting=meeting, person=person, at=clocks.now())
        else:
            withdraw_wish(meeting=meeting, person=person, speech=speech, at=clocks.now())
        return Response(status=204)


class VotesView(APIView):
    """Casting one's vote."""

    @extend_schema(operation_id="meeting_vote", request=VoteIn, responses={204: None})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        person = require_signed_in(request.user)
        told = _read(VoteIn, request)
        choice = Choice(told["choice"])
        vote(meeting=public_meeting(person, pk), person=person, poll=told["poll"], choice=choice, at=clocks.now())
        return Response(status=204)


class ActsView(APIView):
    """What whoever chairs does."""

    @extend_schema(operation_id="meeting_act", request=ActIn, responses={204: None})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        chair = require_signed_in(request.user)
        meeting = meeting_for(chair, pk)
        if meeting.is_chaired_by(chair) and lacks_second_factor(request._request):
            raise SecondFactorRequired
        told = _read(ActIn, request)
        perform(told["act"], meeting=meeting, user=chair, turn=told["turn"], told=told, at=clocks.now())
        return Response(status=204)


class MinutesView(APIView):
    """Minutes: for everybody once they are published."""

    @extend_schema(operation_id="meeting_minutes", responses=MinutesOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        minutes = minutes_for(request.user, pk)
        version = minutes.current
        told = {"text": version.text, "version": version.number}
        return Response(MinutesOut(told | {"approved_at": minutes.approved_at, "sha256": minutes.sha256}).data)


def session_key_of(request: Any) -> str:
    """The session by which a guest is counted once; made at first need."""
    if request.user.is_authenticated:
        return ""
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)


def _mine(meeting: Meeting, request: Request) -> dict[str, Any]:
    place = place_of(meeting, request.user, clocks.now())
    verdicts = {name: getattr(place, name).code for name in ("chat", "speak", "point_of_order", "vote")}
    return verdicts | {"is_chair": place.is_chair, "is_clerk": place.is_clerk}


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 10


def _read(serializer: Any, request: Request) -> dict[str, Any]:
    told = serializer(data=request.data)
    told.is_valid(raise_exception=True)
    return dict(told.validated_data)
