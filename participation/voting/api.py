"""The API of votes: the same services and access rules as the pages."""

import uuid
from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metacity.accounts.access import require_office_request, require_signed_in
from metacity.accounts.limits import client_address, consume
from metacity.accounts.models import User
from metacity.commons import clocks, events
from metacity.commons.api import NumberedPages
from metacity.commons.errors import Invalid, NotFound
from metacity.commons.http import unlogged
from participation.processes.access import process_for
from participation.proposals.access import proposal_for
from participation.voting import services
from participation.voting.access import CERTIFIERS, OFFICE, listed_in, office_poll, poll_for
from participation.voting.board import board_of
from participation.voting.content import checked
from participation.voting.eligibility import standing_of
from participation.voting.models import Poll
from participation.voting.serializers import (
    BallotIn,
    BallotOut,
    BoardOut,
    FindingOut,
    NewPollIn,
    PollDetailOut,
    PollIn,
    PollOut,
    ReasonIn,
    ReceiptIn,
    ReceiptOut,
    StandingOut,
)
from participation.voting.states import State
from participation.voting.views.reading import LOOK_UPS_A_MINUTE
from twin.mirror.services import city_for

_LIST = [
    OpenApiParameter("city", str, description="Slug; the default city's where left out."),
    OpenApiParameter("process", str, description="A process's slug."),
    OpenApiParameter("proposal", str, description="A proposal's id."),
    OpenApiParameter("state", str, enum=[state.value for state in State if state is not State.DRAFT]),
    OpenApiParameter("page", int),
    OpenApiParameter("size", int),
]


class PollsView(APIView):
    """The votes of a city that people have been told of, the latest first."""

    @extend_schema(operation_id="votes_list", parameters=_LIST, responses=PollOut(many=True))
    def get(self, request: Request) -> Response:
        asked = request.query_params
        city = city_for(asked.get("city") or None, request.user)
        polls = listed_in(city).order_by("-opens_at", "pk")
        if asked.get("process"):
            polls = polls.filter(proposal__process=process_for(city, asked["process"]))
        if asked.get("proposal"):
            polls = polls.filter(proposal=_uuid(asked["proposal"]))
        if asked.get("state"):
            polls = polls.filter(state=asked["state"])
        pages = NumberedPages()
        page: list[Any] = pages.paginate_queryset(polls, request, view=self) or []
        return pages.get_paginated_response(PollOut(page, many=True).data)


class PollView(APIView):
    """One vote."""

    @extend_schema(operation_id="vote_read", responses=PollDetailOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return Response(_detail(request, pk))


class StandingView(APIView):
    """Where who asks stands: on the roll or not and why, voted or not. Never what was voted."""

    @extend_schema(operation_id="vote_standing", responses=StandingOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        poll = poll_for(request.user, pk)
        return Response(StandingOut(standing_of(poll, request.user, clocks.now())).data)


class BallotView(APIView):
    """Casting one's ballot. Sent again with the same key and choice it answers the same receipt and casts nothing."""

    # The framework's counting keeps the times of a person's requests; here one ballot each is limit enough.
    throttle_classes = ()

    @extend_schema(operation_id="vote_cast", request=BallotIn, responses={201: BallotOut})
    @method_decorator([never_cache, unlogged])
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        person = require_signed_in(request.user)
        poll = poll_for(person, pk)
        told = _read(BallotIn, request)
        receipt = services.cast_ballot(
            poll=poll, person=person, choice=told["choice"], key=told["key"], at=clocks.now()
        )
        return Response(BallotOut({"receipt": receipt}).data, status=201)


class ReceiptView(APIView):
    """What became of the ballot with a receipt, as far as it is public. Asks for no name."""

    throttle_classes = ()

    @extend_schema(operation_id="vote_receipt", request=ReceiptIn, responses=ReceiptOut)
    @method_decorator([never_cache, unlogged])
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        consume(scope="receipt", key=client_address(request._request), limit=LOOK_UPS_A_MINUTE, window_s=60)
        poll = poll_for(request.user, pk)
        return Response(ReceiptOut(services.look_up(poll=poll, typed=_read(ReceiptIn, request)["receipt"])).data)


class BoardView(APIView):
    """The board: commitments after the close, and what opens them with the result."""

    @extend_schema(operation_id="vote_board", responses=BoardOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return Response(board_of(poll_for(request.user, pk)).as_json())


class OfficePollsView(APIView):
    """Making a vote: a draft on what a proposal says now."""

    @extend_schema(operation_id="office_vote_draft", request=NewPollIn, responses={201: PollDetailOut})
    def post(self, request: Request) -> Response:
        official = require_office_request(request._request, *OFFICE)
        told = _read(NewPollIn, request)
        proposal = proposal_for(official, told.pop("proposal"))
        poll = services.draft_poll(proposal=proposal, content=checked(**told), by=official)
        return Response(_detail(request, poll.pk), status=201)


class OfficePollView(APIView):
    """Changing a draft, or throwing it away."""

    @extend_schema(operation_id="office_vote_edit", request=PollIn, responses=PollDetailOut)
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        official = require_office_request(request._request, *OFFICE)
        poll = office_poll(official, pk)
        services.edit_poll(poll=poll, content=checked(**_read(PollIn, request)), by=official)
        return Response(_detail(request, pk))

    @extend_schema(operation_id="office_vote_discard", responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        official = require_office_request(request._request, *OFFICE)
        services.discard_poll(poll=office_poll(official, pk), by=official)
        return Response(status=204)


class OfficeCheckView(APIView):
    """The dry run: what was found, and whether it is good."""

    @extend_schema(operation_id="office_vote_check", request=None, responses=FindingOut(many=True))
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        official = require_office_request(request._request, *OFFICE)
        findings = services.check_poll(poll=office_poll(official, pk), by=official, at=clocks.now())
        return Response(FindingOut(findings, many=True).data)


class OfficeActView(APIView):
    """Announce, take back, extend, suspend, resume, call off, publish. What people were told of needs a reason."""

    @extend_schema(operation_id="office_vote_act", request=ReasonIn, responses=PollDetailOut)
    def post(self, request: Request, pk: uuid.UUID, act: str) -> Response:
        official = require_office_request(request._request, *OFFICE)
        poll = office_poll(official, pk)
        _act(act, poll, official, request)
        return Response(_detail(request, pk))


def _act(act: str, poll: Poll, official: User, request: Request) -> None:
    told = _read(ReasonIn, request)
    now, reason = clocks.now(), told["reason"]
    match act:
        case "announce":
            services.announce_poll(poll=poll, by=official, at=now)
        case "take-back":
            services.take_back_poll(poll=poll, by=official)
        case "extend" if "until" in told:
            services.extend_poll(poll=poll, until=told["until"], reason=reason, by=official, at=now)
        case "extend":
            raise Invalid(fields={"until": [str(Invalid.message)]})
        case "suspend":
            services.suspend_poll(poll=poll, reason=reason, by=official, at=now)
        case "resume":
            services.resume_poll(poll=poll, reason=reason, by=official, at=now)
        case "call-off":
            services.call_off_poll(poll=poll, reason=reason, by=official, at=now)
        case "publish":
            certifier = require_office_request(request._request, *CERTIFIERS)
            services.publish_poll(poll=poll, by=certifier, at=now)
        case _:
            raise NotFound


def _read(serializer: Any, request: Request) -> dict[str, Any]:
    told = serializer(data=request.data)
    told.is_valid(raise_exception=True)
    return dict(told.validated_data)


def _detail(request: Request, pk: uuid.UUID) -> Any:
    """The whole vote; the number of the last event is read first."""
    seq = events.latest(f"poll.{pk}")
    return PollDetailOut(poll_for(request.user, pk), context={"seq": seq}).data


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None
