"""The API of the office's work on proposals: the same services and access rules as its pages.

Every act is a POST to `office/proposals/<id>/<act>/` and answers with the proposal as it is afterwards.
"""

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metacity.accounts.access import require_office_request
from metacity.accounts.roles import Role
from metacity.commons import clocks
from metacity.commons.api import NumberedPages
from participation.proposals.models import Proposal
from participation.proposals.office import serializers as shapes
from participation.proposals.office.acts import BY_NAME
from participation.proposals.office.desk import Desk, proposal_to_handle
from participation.proposals.office.filters import OfficeFilters, Waits
from participation.proposals.officework import checked_answer
from participation.proposals.timeline import history_of
from twin.mirror.services import city_for

_FILTERS = [
    OpenApiParameter("city", str, description="Slug; the default city's where left out."),
    OpenApiParameter("q", str, description="Words that title, text or place contain."),
    OpenApiParameter("waits", str, enum=Waits.values),
    OpenApiParameter("state", str, description="A state."),
    OpenApiParameter("department", str, description="Its id, or `none`."),
    OpenApiParameter("mine", str, enum=["1"], description="Only what one is in charge of."),
    OpenApiParameter("page", int),
    OpenApiParameter("size", int),
]
# What each act takes.
SHAPES: dict[str, type[Any]] = {
    "review": shapes.DepartmentIn,
    "assign": shapes.DepartmentIn,
    "supplement": shapes.SupplementIn,
    "extend": shapes.WordsIn,
    "transfer": shapes.TransferIn,
    "merge": shapes.MergeIn,
    "guide": shapes.GuideIn,
    "return": shapes.ReturnIn,
    "progress": shapes.ProgressIn,
    "answer": shapes.AnswerIn,
    "hand-in": shapes.AnswerIn,
    "take-back": shapes.NothingIn,
    "send-back": shapes.SendBackIn,
    "approve": shapes.AnswerRevisionIn,
}


class OfficeProposalsView(APIView):
    """Proposals of a city as the office works on them; what is due first comes first."""

    @extend_schema(
        operation_id="office_proposals_list", parameters=_FILTERS, responses=shapes.OfficeProposalOut(many=True)
    )
    def get(self, request: Request) -> Response:
        official = require_office_request(request, Role.OFFICIAL, Role.APPROVER)
        asked = request.query_params.dict()
        city = city_for(asked.get("city") or None, official)
        proposals = Proposal.objects.in_city(city).with_handling()
        found = OfficeFilters.read(asked).applied_to(proposals, official, city, clocks.now())
        pages = NumberedPages()
        page: list[Any] = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response(shapes.OfficeProposalOut(page, many=True).data)


class OfficeProposalView(APIView):
    """One proposal on an official's desk."""

    @extend_schema(operation_id="office_proposal_read", responses=shapes.DeskOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return Response(_shown(_desk(request, pk)))


def act_view(name: str) -> Any:
    """The view of one act, with its own shape in the API's description."""
    act, shape = BY_NAME[name], SHAPES[name]

    class ActView(APIView):
        @extend_schema(
            operation_id=f"office_proposal_{name.replace('-', '_')}",
            request=shape,
            responses=shapes.DeskOut,
        )
        def post(self, request: Request, pk: uuid.UUID) -> Response:
            desk = _desk(request, pk)
            told = shape(data=request.data)
            told.is_valid(raise_exception=True)
            act.do(desk, clocks.now(), **_told(shape, dict(told.validated_data)))
            return Response(_shown(_desk(request, pk)))

    return ActView.as_view()


def _told(shape: type[Any], told: dict[str, Any]) -> dict[str, Any]:
    return {"content": checked_answer(**told)} if shape is shapes.AnswerIn else told


def _desk(request: Request, pk: uuid.UUID) -> Desk:
    official = require_office_request(request, Role.OFFICIAL, Role.APPROVER)
    return Desk(proposal_to_handle(official, pk), official)


def _shown(desk: Desk) -> Any:
    acts = [act.name for act in BY_NAME.values() if act.is_offered(desk) and desk.official.has_role(act.role)]
    context = {"desk": desk, "history": history_of(desk.proposal, desk.steps), "acts": acts}
    return shapes.DeskOut(desk.proposal, context=context).data
