"""The API of processes."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metacity.commons import clocks
from metacity.commons.api import NumberedPages
from participation.processes.access import process_for
from participation.processes.models import Process
from participation.processes.serializers import ProcessOut
from twin.mirror.services import city_for

_CITY = OpenApiParameter("city", str, description="Slug; the default city's where left out.")


class ProcessesView(APIView):
    """The published processes of a city."""

    @extend_schema(
        operation_id="processes_list",
        parameters=[_CITY, OpenApiParameter("page", int), OpenApiParameter("size", int)],
        responses=ProcessOut(many=True),
    )
    def get(self, request: Request) -> Response:
        city = city_for(request.query_params.get("city") or None, request.user)
        processes = Process.objects.published().in_city(city).with_phases()
        pages = NumberedPages()
        page: list[Any] = pages.paginate_queryset(processes, request, view=self) or []
        return pages.get_paginated_response(ProcessOut(page, many=True, context={"now": clocks.now()}).data)


class ProcessView(APIView):
    """One process."""

    @extend_schema(operation_id="process_read", parameters=[_CITY], responses=ProcessOut)
    def get(self, request: Request, slug: str) -> Response:
        process = process_for(city_for(request.query_params.get("city") or None, request.user), slug)
        return Response(ProcessOut(process, context={"now": clocks.now()}).data)
