"""The API of the office's imports: the same services and rights as its pages, with the second factor."""

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metacity.accounts.access import require_office_request
from metacity.commons import events
from metacity.commons.api import NumberedPages
from twin.mirror import publishing
from twin.mirror.access import (
    HANDLERS,
    OFFICE_ROLES,
    PUBLISHERS,
    city_for_user,
    delivery_of,
    import_of,
    publication_of,
)
from twin.mirror.deliveries import serializers as shapes
from twin.mirror.deliveries import services
from twin.mirror.deliveries.columns import columns_of
from twin.mirror.deliveries.models import Delivery
from twin.mirror.deliveries.said import Said

_PAGES = [OpenApiParameter("page", int), OpenApiParameter("size", int)]


class DeliveriesView(APIView):
    """Files handed in for cities, the latest first."""

    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="office_deliveries_list", parameters=_PAGES, responses=shapes.DeliveryOut(many=True))
    def get(self, request: Request) -> Response:
        require_office_request(request, *OFFICE_ROLES)
        return _paged(self, request, Delivery.objects.all(), shapes.DeliveryOut)

    @extend_schema(
        operation_id="office_deliveries_create",
        request={"multipart/form-data": shapes.DeliveryIn},
        responses={201: shapes.DeliveryDetailOut},
    )
    def post(self, request: Request) -> Response:
        official = require_office_request(request, *HANDLERS)
        told = shapes.DeliveryIn(data=request.data)
        told.is_valid(raise_exception=True)
        said = dict(told.validated_data)
        uploads = said.pop("file")
        return _delivery(services.hand_in(said=Said(**said), uploads=uploads, by=official), status=201)


class DeliveryView(APIView):
    """How far a delivery is."""

    @extend_schema(operation_id="office_delivery_read", responses=shapes.DeliveryDetailOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        require_office_request(request, *OFFICE_ROLES)
        return _delivery(delivery_of(pk))


class DeliveryStartView(APIView):
    """Have a delivery read that waits for its columns, or that failed."""

    @extend_schema(operation_id="office_delivery_start", request=shapes.StartIn, responses=shapes.DeliveryDetailOut)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        require_office_request(request, *HANDLERS)
        found = delivery_of(pk)
        told = shapes.StartIn(data=request.data)
        told.is_valid(raise_exception=True)
        return _delivery(services.start(delivery=found, columns=told.validated_data.get("columns")))


class DeliveryCancelView(APIView):
    """Stop a delivery; the city is as it was, and the files go."""

    @extend_schema(operation_id="office_delivery_cancel", request=None, responses=shapes.DeliveryDetailOut)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        official = require_office_request(request, *HANDLERS)
        return _delivery(services.cancel(delivery=delivery_of(pk), by=official))


class ImportsView(APIView):
    """What was imported into a city, the latest first."""

    @extend_schema(operation_id="office_imports_list", parameters=_PAGES, responses=shapes.ImportOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        official = require_office_request(request, *OFFICE_ROLES)
        found = city_for_user(official, slug).imports.defer("report").order_by("-started_at", "pk")
        return _paged(self, request, found, shapes.ImportOut)


class ImportView(APIView):
    """One import with its quality report."""

    @extend_schema(operation_id="office_import_read", responses=shapes.ImportDetailOut)
    def get(self, request: Request, slug: str, import_id: uuid.UUID) -> Response:
        official = require_office_request(request, *OFFICE_ROLES)
        return Response(shapes.ImportDetailOut(import_of(city_for_user(official, slug), import_id)).data)


class ImportPublishView(APIView):
    """Show what an import that is ready has prepared."""

    @extend_schema(operation_id="office_import_publish", request=None, responses=shapes.ImportDetailOut)
    def post(self, request: Request, slug: str, import_id: uuid.UUID) -> Response:
        official = require_office_request(request, *PUBLISHERS)
        found = import_of(city_for_user(official, slug), import_id)
        publishing.publish(city_import=found, by=official)
        return Response(shapes.ImportDetailOut(found).data)


class ImportDiscardView(APIView):
    """Leave the city as it was; one that was made for this import goes with it."""

    @extend_schema(operation_id="office_import_discard", request=None, responses=shapes.ImportDetailOut)
    def post(self, request: Request, slug: str, import_id: uuid.UUID) -> Response:
        official = require_office_request(request, *HANDLERS, *PUBLISHERS)
        found = import_of(city_for_user(official, slug), import_id)
        answer = shapes.ImportDetailOut(found)
        publishing.discard(city_import=found, by=official)
        return Response(answer.data)


class PublicationsView(APIView):
    """What a city shows and has shown, the latest first."""

    @extend_schema(
        operation_id="office_publications_list", parameters=_PAGES, responses=shapes.OfficePublicationOut(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        official = require_office_request(request, *OFFICE_ROLES)
        found = city_for_user(official, slug).publications.defer("manifest").order_by("-number")
        return _paged(self, request, found, shapes.OfficePublicationOut)


class RollBackView(APIView):
    """Show again what this publication showed, under the next number; answers with the new one."""

    @extend_schema(operation_id="office_roll_back", request=None, responses=shapes.OfficePublicationOut)
    def post(self, request: Request, slug: str, publication_id: uuid.UUID) -> Response:
        official = require_office_request(request, *PUBLISHERS)
        earlier = publication_of(city_for_user(official, slug), publication_id)
        return Response(shapes.OfficePublicationOut(publishing.roll_back(publication=earlier, by=official)).data)


def _paged(view: APIView, request: Request, found: Any, shape: Any) -> Response:
    pages = NumberedPages()
    rows: list[Any] = pages.paginate_queryset(found, request, view=view) or []
    return pages.get_paginated_response(shape(rows, many=True).data)


def _delivery(delivery: Delivery, status: int = 200) -> Response:
    delivery.seq = events.latest(delivery.room)  # type: ignore[attr-defined]
    delivery.found_columns = columns_of(delivery) if delivery.can_start else []  # type: ignore[attr-defined]
    return Response(shapes.DeliveryDetailOut(delivery).data, status=status)
