"""The API of presence."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from participation.presence.access import look_for, looks_open_to
from participation.presence.looks import keep_look
from participation.presence.models import Look
from participation.presence.serializers import CompanyOut, LookIn, LookOut
from participation.presence.whereabouts import company_in
from twin.mirror.services import city_for


class PeopleView(APIView):
    """Who is in a city now and where, as the page of people tells it. Poses go over `/ws/poses/<city>/`."""

    @extend_schema(operation_id="people_read", responses=CompanyOut)
    def get(self, request: Request, slug: str) -> Response:
        answer = Response(CompanyOut(company_in(city_for(slug, request.user))).data)
        answer.headers["Cache-Control"] = "no-store"
        return answer


class LookView(APIView):
    """How whoever asks is seen in the city: kept with the account, or in a cookie without one."""

    @extend_schema(operation_id="look_read", responses=LookOut)
    def get(self, request: Request) -> Response:
        return Response(_told(request, look_for(request._request)))

    @extend_schema(operation_id="look_choose", request=LookIn, responses=LookOut)
    def put(self, request: Request) -> Response:
        told = LookIn(data=request.data)
        told.is_valid(raise_exception=True)
        look = Look(told.validated_data["look"])
        answer = Response(_told(request, look))
        keep_look(request._request, answer, look)
        return answer


def _told(request: Request, look: Look) -> dict[str, object]:
    return {"look": look, "choices": looks_open_to(request.user)}
