"""The API of moderation: the same services and access rules as the pages."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metacity.accounts.access import require_office_request, require_signed_in
from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.api import NumberedPages
from participation.moderation.access import MODERATORS, appeal_for, case_for, own_decision
from participation.moderation.models import Appeal, Case, Decision, Report
from participation.moderation.policy import policy
from participation.moderation.queue import context_of
from participation.moderation.serializers import (
    AppealAnswerIn,
    AppealIn,
    AppealOut,
    CaseDetailOut,
    CaseOut,
    DecisionIn,
    DecisionOut,
    ReportIn,
    ReportOut,
    RulesOut,
    WaitingAppealOut,
)
from participation.moderation.services import claim_case, decide_appeal, decide_case, object_to, release_case
from participation.moderation.subjects import subject_for
from participation.moderation.views.reporting import send_report

_PAGES = [OpenApiParameter("page", int), OpenApiParameter("size", int)]


class RulesView(APIView):
    """The published rules, and the numbers of the last twelve months."""

    @extend_schema(operation_id="rules", responses=RulesOut)
    def get(self, request: Request) -> Response:
        return Response(RulesOut(policy(), context={"now": clocks.now()}).data)


class ReportsView(APIView):
    """One's own reports: what became of them, and a new one."""

    @extend_schema(operation_id="reports_list", parameters=_PAGES, responses=ReportOut(many=True))
    def get(self, request: Request) -> Response:
        person = require_signed_in(request.user)
        return _pages(self, request, Report.objects.of_person(person).select_related("case", "decision"), ReportOut)

    @extend_schema(operation_id="reports_send", request=ReportIn, responses={201: ReportOut})
    def post(self, request: Request) -> Response:
        person = require_signed_in(request.user)
        told = _read(ReportIn, request)
        subject = subject_for(person, told["kind"], told["subject"])
        return Response(ReportOut(send_report(person, subject, told["reason"], told["words"])).data, status=201)


class OwnDecisionsView(APIView):
    """Measures against what one wrote."""

    @extend_schema(operation_id="own_decisions_list", parameters=_PAGES, responses=DecisionOut(many=True))
    def get(self, request: Request) -> Response:
        person = require_signed_in(request.user)
        return _pages(self, request, Decision.objects.against(person).select_related("case", "appeal"), DecisionOut)


class OwnAppealView(APIView):
    """One's objection to a measure."""

    @extend_schema(operation_id="decision_object", request=AppealIn, responses={201: AppealOut})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        person = require_signed_in(request.user)
        decision = own_decision(person, pk)
        told = _read(AppealIn, request)
        appeal = object_to(decision=decision, author=person, words=told["words"], at=clocks.now())
        return Response(AppealOut(appeal).data, status=201)


class CasesView(APIView):
    """The queue, the most urgent first. For moderators."""

    @extend_schema(operation_id="cases_list", parameters=_PAGES, responses=CaseOut(many=True))
    def get(self, request: Request) -> Response:
        _moderator(request)
        return _pages(self, request, Case.objects.waiting().most_urgent_first(), CaseOut)


class CaseView(APIView):
    """One case with its context. For moderators."""

    @extend_schema(operation_id="case_read", responses=CaseDetailOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        moderator = _moderator(request)
        return _case(case_for(moderator, pk), moderator)

    @extend_schema(operation_id="case_decide", request=DecisionIn, responses={201: CaseDetailOut})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        moderator = _moderator(request)
        case = case_for(moderator, pk)
        decide_case(case=case, moderator=moderator, at=clocks.now(), **_read(DecisionIn, request))
        return _case(case_for(moderator, pk), moderator, status=201)


class ClaimView(APIView):
    """PUT takes a case in hand, DELETE gives it back. For moderators."""

    @extend_schema(operation_id="case_claim", request=None, responses=CaseDetailOut)
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        moderator = _moderator(request)
        case = case_for(moderator, pk)
        claim_case(case=case, moderator=moderator, at=clocks.now())
        return _case(case, moderator)

    @extend_schema(operation_id="case_release", responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        moderator = _moderator(request)
        release_case(case=case_for(moderator, pk), moderator=moderator)
        return Response(status=204)


class AppealsView(APIView):
    """Objections that wait for a second person. For moderators who did not take the measure."""

    @extend_schema(operation_id="appeals_list", parameters=_PAGES, responses=WaitingAppealOut(many=True))
    def get(self, request: Request) -> Response:
        waiting = Appeal.objects.waiting().decidable_by(_moderator(request))
        found = waiting.select_related("decision__case", "decision__decided_by")
        return _pages(self, request, found, WaitingAppealOut)


class AppealView(APIView):
    """The answer to an objection. For moderators who did not take the measure."""

    @extend_schema(operation_id="appeal_answer", request=AppealAnswerIn, responses=WaitingAppealOut)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        moderator = _moderator(request)
        appeal = appeal_for(moderator, pk)
        decide_appeal(appeal=appeal, moderator=moderator, at=clocks.now(), **_read(AppealAnswerIn, request))
        return Response(WaitingAppealOut(appeal_for(moderator, pk)).data)


def _moderator(request: Request) -> User:
    return require_office_request(request._request, *MODERATORS)


def _read(serializer: Any, request: Request) -> dict[str, Any]:
    told = serializer(data=request.data)
    told.is_valid(raise_exception=True)
    return dict(told.validated_data)


def _pages(view: APIView, request: Request, found: QuerySet[Any], serializer: Any) -> Response:
    pages = NumberedPages()
    page: list[Any] = pages.paginate_queryset(found, request, view=view) or []
    return pages.get_paginated_response(serializer(page, many=True).data)


def _case(case: Case, moderator: User, *, status: int = 200) -> Response:
    return Response(CaseDetailOut(context_of(case, moderator, clocks.now())).data, status=status)
