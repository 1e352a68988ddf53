"""The API of cities: what the browser needs to draw one, what things in it are, and how to find them."""

import uuid

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metacity.commons.api import NumberedPages
from twin.mirror.access import may_see, previewed
from twin.mirror.features import Kind
from twin.mirror.manifest import city_manifest
from twin.mirror.models import City
from twin.mirror.places import as_found, card, listed, search
from twin.mirror.serializers import CardOut, CityOut, FoundOut, ManifestOut, SearchOut
from twin.mirror.services import city_for

_PREVIEW = OpenApiParameter(
    "publication", uuid.UUID, description="For the office: that of an import which is ready and not published."
)
_KINDS = [kind.value for kind in Kind if kind is not Kind.BUILDING_PART]


class CitiesView(APIView):
    """The cities of this installation."""

    @extend_schema(operation_id="cities_list", responses=CityOut(many=True))
    def get(self, request: Request) -> Response:
        cities = [city for city in City.objects.order_by("-is_default", "name") if may_see(request.user, city)]
        return Response(CityOut(cities, many=True).data)


class CityView(APIView):
    """All that a browser needs to draw a city."""

    @extend_schema(operation_id="cities_read", parameters=[_PREVIEW], responses=ManifestOut)
    def get(self, request: Request, slug: str) -> Response:
        return Response(ManifestOut(city_manifest(_city(request, slug))).data)


class ObjectView(APIView):
    """What is known of one thing; of a part of a building, what is known of the building."""

    @extend_schema(operation_id="cities_objects_read", parameters=[_PREVIEW], responses=CardOut)
    def get(self, request: Request, slug: str, object_id: uuid.UUID) -> Response:
        return Response(CardOut(card(_city(request, slug), object_id)).data)


class SearchView(APIView):
    """Things by name or address."""

    @extend_schema(
        operation_id="cities_search",
        parameters=[OpenApiParameter("q", str, description="Words of a name or an address.")],
        responses=SearchOut,
    )
    def get(self, request: Request, slug: str) -> Response:
        found = search(city_for(slug, request.user), request.query_params.get("q", ""))
        return Response(SearchOut({"results": found}).data)


class PlacesView(APIView):
    """Everything with a name or an address, as a list."""

    @extend_schema(
        operation_id="cities_places_list",
        parameters=[
            OpenApiParameter("kind", str, enum=_KINDS),
            OpenApiParameter("q", str, description="Words of a name or an address."),
            OpenApiParameter("page", int),
            OpenApiParameter("size", int),
        ],
        responses=FoundOut(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        city = city_for(slug, request.user)
        asked = request.query_params
        kind = asked.get("kind", "")
        found = listed(city, kind if kind in _KINDS else "", asked.get("q", ""))
        pages = NumberedPages()
        versions = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(FoundOut(as_found(city, versions or []), many=True).data)


def _city(request: Request, slug: str) -> City:
    return previewed(request.user, city_for(slug, request.user), request.query_params.get("publication", ""))
