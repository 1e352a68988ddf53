"""Every refusal of the API has a code; bodies are read with care; the API describes itself."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.test import Client
from django.urls import path
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from metacity.commons.errors import Conflict, Gone, TooLarge, Unavailable
from metacity.urls import urlpatterns as real_patterns


class ChangeSerializer(serializers.Serializer[None]):
    storeys = serializers.IntegerField(min_value=1)


class IdeaSerializer(serializers.Serializer[None]):
    title = serializers.CharField()
    changes = ChangeSerializer(many=True)

    def validate(self, attrs: Mapping[str, Any]) -> Mapping[str, Any]:
        if attrs["title"] == "empty":
            raise serializers.ValidationError("Nothing in it.")
        return attrs


class IdeaView(APIView):
    def post(self, request: Request) -> Response:
        idea = IdeaSerializer(data=request.data)
        idea.is_valid(raise_exception=True)
        return Response(idea.validated_data)


class OwnView(APIView):
    permission_classes = (IsAuthenticated,)

    def get(self, request: Request) -> Response:
        return Response({})

    put = get


class OneAnHour(AnonRateThrottle):
    rate = "1/hour"
    scope = "test"


class SlowView(APIView):
    throttle_classes = (OneAnHour,)

    def get(self, request: Request) -> Response:
        return Response({})


FAULTS: dict[str, Callable[[], Exception]] = {
    "conflict": Conflict,
    "gone": lambda: Gone("It went.", fields={"id": ["gone"]}),
    "too_large": TooLarge,
    "unavailable": Unavailable,
    "not_found": Http404,
    "forbidden": PermissionDenied,
    "malformed": lambda: SuspiciousOperation("secret"),
    "server_error": lambda: RuntimeError("secret"),
}


class FaultyView(APIView):
    def get(self, request: Request, fault: str) -> Response:
        raise FAULTS[fault]()


urlpatterns = [
    path("api/v1/ideas/", IdeaView.as_view()),
    path("api/v1/own/", OwnView.as_view()),
    path("api/v1/slow/", SlowView.as_view()),
    path("api/v1/faulty/<str:fault>/", FaultyView.as_view()),
    *real_patterns,
]
handler404 = "metacity.commons.views.not_found"
handler500 = "metacity.commons.views.server_error"
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def calm(client: Client) -> Client:
    """A client that is answered even when the server fails."""
    client.raise_request_exception = False
    return client


def post(client: Client, body: str | bytes, kind: str = "application/json") -> tuple[int, dict[str, Any]]:
    answer = client.post("/api/v1/ideas/", body, content_type=kind)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("conflict", 409),
        ("gone", 410),
        ("too_large", 413),
        ("unavailable", 503),
        ("not_found", 404),
        ("forbidden", 403),
        ("malformed", 400),
        ("server_error", 500),
    ],
)
def test_every_refusal_has_its_code_and_status(calm: Client, fault: str, status: int) -> None:
    answer = calm.get(f"/api/v1/faulty/{fault}/")
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message", "fields"}
    assert answer.json()["code"] == fault
    assert "secret" not in answer.content.decode()


def test_a_refusal_says_its_own_words_and_fields(client: Client) -> None:
    assert client.get("/api/v1/faulty/gone/").json() == {
        "code": "gone",
        "message": "It went.",
        "fields": {"id": ["gone"]},
    }


def test_addresses_and_methods_that_do_not_exist_are_refused_with_a_code(client: Client) -> None:
    missing = client.get("/api/v1/nowhere/")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    wrong = client.delete("/api/v1/ideas/")
    assert (wrong.status_code, wrong.json()["code"], wrong["Allow"]) == (405, "method_not_allowed", "POST, OPTIONS")


def test_fields_of_nested_data_are_named_by_their_path(client: Client) -> None:
    status, answer = post(client, json.dumps({"title": "", "changes": [{"storeys": 3}, {"storeys": 0}, {}]}))
    assert (status, answer["code"]) == (400, "invalid")
    assert sorted(answer["fields"]) == ["changes.1.storeys", "changes.2.storeys", "title"]
    assert all(isinstance(text, str) for texts in answer["fields"].values() for text in texts)
    status, answer = post(client, json.dumps({"title": "empty", "changes": []}))
    assert answer["fields"] == {"": ["Nothing in it."]}


@pytest.mark.parametrize(
    "body",
    [
        "{",
        b"\xff\xfe",
        '{"title": NaN, "changes": []}',
        '{"title": "\\ud800", "changes": []}',
        "[" * 60 + "]" * 60,
        "[" * 100_000 + "]" * 100_000,
        '{"title": ' + "9" * 5000 + "}",
    ],
)
def test_a_malformed_body_is_refused(client: Client, body: str | bytes) -> None:
    status, answer = post(client, body)
    assert (status, answer["code"]) == (400, "malformed")


def test_a_body_of_another_kind_is_refused(client: Client) -> None:
    status, answer = post(client, "<idea/>", "text/xml")
    assert (status, answer["code"]) == (415, "unsupported_media_type")
    answer_in_xml = client.get("/api/v1/own/", headers={"accept": "text/xml"})
    assert (answer_in_xml.status_code, answer_in_xml.json()["code"]) == (406, "not_acceptable")


def test_five_megabytes_are_refused(client: Client) -> None:
    status, answer = post(client, json.dumps({"title": "x" * 5_000_000, "changes": []}))
    assert (status, answer["code"]) == (413, "too_large")


def test_nobody_in_particular_is_told_to_sign_in(client: Client) -> None:
    answer = client.get("/api/v1/own/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"] == "Session"


def test_a_person_needs_the_token_of_the_page_to_change_anything(django_user_model: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_user("citizen@example.org"))
    assert client.get("/api/v1/own/").status_code == 200
    answer = client.put("/api/v1/own/")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_too_many_requests_are_refused_with_when_to_come_back(client: Client) -> None:
    cache.clear()
    assert client.get("/api/v1/slow/").status_code == 200
    answer = client.get("/api/v1/slow/")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert 0 < int(answer["Retry-After"]) <= 3601
    forged = client.get("/api/v1/slow/", headers={"x-forwarded-for": "10.9.8.7"})
    assert forged.status_code == 429


def test_the_api_describes_itself(client: Client) -> None:
    schema = client.get("/api/v1/schema/", headers={"accept": "application/json"}).json()
    assert schema["openapi"].startswith("3.")
    assert "/api/v1/events/{room}/" in schema["paths"]


def test_the_documentation_needs_no_inline_code(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    assert "<style" not in page
    assert all("src=" in tag for tag in page.split("<script")[1:])
    script = client.get("/api/v1/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
