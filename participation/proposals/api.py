"""The API of proposals: the same services and access rules as the pages."""

import uuid
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metacity.accounts.access import require_signed_in
from metacity.accounts.limits import consume
from metacity.accounts.models import User
from metacity.commons import clocks, events
from metacity.commons.api import NumberedPages
from participation.processes.access import process_for
from participation.processes.models import Process
from participation.proposals import filters
from participation.proposals.access import listed_in, own_proposal, proposal_for
from participation.proposals.content import Content, checked
from participation.proposals.designs import checked_design
from participation.proposals.models import Proposal
from participation.proposals.pins import pins_json
from participation.proposals.places import PlaceRequest, place_for
from participation.proposals.serializers import (
    PhotoFileIn,
    PinsOut,
    ProposalDetailOut,
    ProposalIn,
    ProposalOut,
    RevisionIn,
    SentPhotoOut,
    SupportOut,
)
from participation.proposals.services import (
    give_support,
    revise_proposal,
    submit_proposal,
    take_back_support,
    withdraw_proposal,
)
from participation.proposals.services.photos import named_photos, send_photo
from participation.proposals.views.photos import count_photo
from participation.proposals.views.writing import SUBMISSIONS_AN_HOUR
from twin.mirror.services import city_for

_FILTERS = [
    OpenApiParameter("city", str, description="Slug; the default city's where left out."),
    OpenApiParameter("q", str, description="Words that title, text or place contain."),
    OpenApiParameter("state", str, description="A state."),
    OpenApiParameter("process", str, description="A process's slug."),
    OpenApiParameter("kind", str, enum=filters.Scope.values, description="At a place, or for the whole district."),
    OpenApiParameter("near", str, description="`e,n` in metres, or the name or address of a place."),
    OpenApiParameter("sort", str, enum=filters.Order.values),
    OpenApiParameter("page", int),
    OpenApiParameter("size", int),
]


class ProposalsView(APIView):
    """Proposals of a city: list and submit."""

    @extend_schema(operation_id="proposals_list", parameters=_FILTERS, responses=ProposalOut(many=True))
    def get(self, request: Request) -> Response:
        asked = request.query_params.dict()
        city = city_for(asked.get("city") or None, request.user)
        found = filters.Filters.read(asked, city).applied_to(listed_in(city).with_photos())
        pages = NumberedPages()
        page: list[Any] = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response(ProposalOut(page, many=True).data)

    @extend_schema(operation_id="proposals_submit", request=ProposalIn, responses={201: ProposalDetailOut})
    def post(self, request: Request) -> Response:
        author = require_signed_in(request.user)
        told = _read(ProposalIn, request)
        city = city_for(told.get("city"), author)
        process = process_for(city, told["process"])
        consume(scope="proposal", key=str(author.pk), limit=SUBMISSIONS_AN_HOUR, window_s=3600)
        proposal = submit_proposal(
            process=process, author=author, content=_content(process, author, told), key=told["key"], at=clocks.now()
        )
        return Response(_detail(request, proposal.pk), status=201)


class ProposalView(APIView):
    """One proposal: read, revise, withdraw."""

    @extend_schema(operation_id="proposal_read", responses=ProposalDetailOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return Response(_detail(request, pk))

    @extend_schema(operation_id="proposal_revise", request=RevisionIn, responses=ProposalDetailOut)
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        author = require_signed_in(request.user)
        proposal = own_proposal(author, pk)
        told = _read(RevisionIn, request)
        content = _content(proposal.process, author, told, revises=proposal)
        revise_proposal(proposal=proposal, author=author, content=content, key=told["key"], at=clocks.now())
        return Response(_detail(request, pk))

    @extend_schema(operation_id="proposal_withdraw", responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        author = require_signed_in(request.user)
        withdraw_proposal(proposal=own_proposal(author, pk), author=author, at=clocks.now())
        return Response(status=204)


class PhotosView(APIView):
    """Photos that are named in a submission later."""

    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="photo_send", request=PhotoFileIn, responses={201: SentPhotoOut})
    def post(self, request: Request) -> Response:
        sender = require_signed_in(request.user)
        file = _read(PhotoFileIn, request)["file"]
        count_photo(request)
        return Response(SentPhotoOut(send_photo(sender=sender, file=file)).data, status=201)


class SupportView(APIView):
    """One's own support of a proposal: PUT gives it, DELETE takes it back. Either twice changes nothing more."""

    @extend_schema(operation_id="proposal_support", request=None, responses=SupportOut)
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        person = require_signed_in(request.user)
        proposal = proposal_for(person, pk)
        supports = give_support(proposal=proposal, person=person, at=clocks.now())
        return _supported(proposal, supports, by_me=True)

    @extend_schema(operation_id="proposal_support_take_back", responses=SupportOut)
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        person = require_signed_in(request.user)
        proposal = proposal_for(person, pk)
        supports = take_back_support(proposal=proposal, person=person, at=clocks.now())
        return _supported(proposal, supports, by_me=False)


class PinsView(APIView):
    """Every placed proposal of a city, for maps and the city."""

    @extend_schema(operation_id="pins", responses=PinsOut)
    def get(self, request: Request, slug: str) -> HttpResponse:
        return HttpResponse(pins_json(city_for(slug, request.user)), content_type="application/json")


def _read(serializer: Any, request: Request) -> dict[str, Any]:
    told = serializer(data=request.data)
    told.is_valid(raise_exception=True)
    return dict(told.validated_data)


def _content(process: Process, author: User, told: dict[str, Any], revises: Proposal | None = None) -> Content:
    place = {name: str(value) for name, value in (told.get("place") or {}).items()}
    named = [(photo["id"], photo["alt"]) for photo in told.get("photos", [])]
    return checked(
        title=told["title"],
        text=told["text"],
        reason=told.get("reason", ""),
        place=place_for(process.city, PlaceRequest.from_fields(place)),
        design=checked_design(process=process, raw=told["design"]) if told.get("design") is not None else None,
        photos=named_photos(author=author, named=named, revises=revises),
    )


def _detail(request: Request, pk: uuid.UUID) -> Any:
    """The whole proposal; the number of the last event is read first."""
    seq = events.latest(f"proposal.{pk}")
    return ProposalDetailOut(proposal_for(request.user, pk), context={"request": request, "seq": seq}).data


def _supported(proposal: Proposal, supports: int, *, by_me: bool) -> Response:
    seq = events.latest(proposal.room)
    return Response(SupportOut({"supports": supports, "supported_by_me": by_me, "seq": seq}).data)
