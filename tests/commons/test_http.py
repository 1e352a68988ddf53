"""Around every answer: request ids, security headers, refusals as pages, and whether the service is well."""

import logging
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from metacity.commons import health
from metacity.commons.errors import Conflict, NotFound, NotSignedIn
from metacity.commons.http import client_address, embeddable
from metacity.urls import urlpatterns as real_patterns


def refused(request: HttpRequest, kind: str) -> HttpResponse:
    raise {
        "conflict": Conflict("Somebody was faster."),
        "absent": NotFound(),
        "anonymous": NotSignedIn(),
        "forbidden": PermissionDenied(),
        "broken": RuntimeError("secret"),
    }[kind]


@embeddable
def framed(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(f"{request.user.is_authenticated} {sorted(request.COOKIES)}")
    answer.set_cookie("trace", "1")
    return answer


urlpatterns = [path("refused/<str:kind>/", refused), path("embed/idea/", framed), *real_patterns]
handler403 = "metacity.commons.views.forbidden"
handler404 = "metacity.commons.views.not_found"
handler500 = "metacity.commons.views.server_error"
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def calm(client: Client) -> Client:
    client.raise_request_exception = False
    return client


def test_an_answer_carries_the_strict_policy(client: Client) -> None:
    answer = client.get("/healthz")
    policy = dict(rule.split(" ", 1) for rule in answer["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "worker-src": "'self'",
        "connect-src": "'self' blob:",
        "img-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_an_embedded_page_sees_nobody_and_leaves_no_cookie(django_user_model: Any) -> None:
    client = Client()
    client.force_login(django_user_model.objects.create_user("citizen@example.org"))
    answer = client.get("/embed/idea/")
    assert answer.content == b"False []"
    assert answer["Content-Security-Policy"].endswith("frame-ancestors *")
    assert "X-Frame-Options" not in answer
    assert not answer.cookies


def test_a_request_has_an_id_and_keeps_one_that_makes_sense(client: Client) -> None:
    own = client.get("/healthz")["X-Request-ID"]
    assert len(own) == 32
    assert client.get("/healthz")["X-Request-ID"] != own
    assert client.get("/healthz", headers={"x-request-id": "proxy-12345"})["X-Request-ID"] == "proxy-12345"
    for forged in ("short", "x" * 65, 'a"b\nc-longer', "<script>alert"):
        assert client.get("/healthz", headers={"x-request-id": forged})["X-Request-ID"] != forged


def test_the_log_has_a_line_for_each_answer_without_what_was_searched(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "metacity.requests")
    client.get("/readyz")
    client.get("/nowhere/?q=홍길동", headers={"x-request-id": "proxy-12345"})
    (record,) = caplog.records
    assert isinstance(record.msg, dict)
    line = {name: record.msg[name] for name in ("event", "method", "path", "status", "request_id")}
    assert line == {
        "event": "answered",
        "method": "GET",
        "path": "/nowhere/",
        "status": 404,
        "request_id": "proxy-12345",
    }
    assert "홍길동" not in str(record.msg)


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("conflict", 409, "Somebody was faster."),
        ("absent", 404, None),
        ("forbidden", 403, None),
        ("broken", 500, None),
    ],
)
def test_a_refusal_is_a_page_with_its_status(calm: Client, kind: str, status: int, words: str | None) -> None:
    answer = calm.get(f"/refused/{kind}/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert page.count("<h1>") == 1
    assert str(status) in page
    assert words is None or words in page
    assert "secret" not in page


def test_a_script_that_asks_a_page_for_data_is_refused_in_data(calm: Client) -> None:
    answer = calm.get("/refused/conflict/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["message"]) == (409, "Somebody was faster.")


def test_nobody_in_particular_is_led_to_signing_in(client: Client) -> None:
    answer = client.get("/refused/anonymous/?x=1")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/refused/anonymous/%3Fx%3D1")
    sent = client.post("/refused/anonymous/")
    assert sent.status_code == 401
    assert "/accounts/login/" in sent.content.decode()


def test_a_form_without_its_token_is_refused_in_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert answer.content.decode().count("<h1>") == 1


def test_the_language_is_the_visitors_choice(client: Client) -> None:
    assert client.get("/nowhere/").headers["Content-Language"] == "ko"
    answer = client.post("/language/", {"language": "en", "next": "/nowhere/"})
    assert answer["Location"] == "/nowhere/"
    assert client.get("/nowhere/").headers["Content-Language"] == "en"
    elsewhere = client.post("/language/", {"language": "ko", "next": "https://evil.example/"})
    assert "evil" not in elsewhere["Location"]


def test_healthy_is_who_answers(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "redis": True, "migrations": True})
    assert "no-store" in answer["Cache-Control"]


def test_not_ready_is_who_lacks_a_part(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise ConnectionError("redis://secret")

    monkeypatch.setitem(health._PARTS, "redis", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["redis"], answer.json()["database"]) == (503, False, True)
    assert b"secret" not in answer.content
    assert client.get("/healthz").status_code == 200


def test_not_ready_is_who_has_migrations_to_do(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'commons'")
    assert client.get("/readyz").json()["migrations"] is False


def test_the_proxys_word_is_taken_only_where_there_is_one(settings: LazySettings) -> None:
    settings.BEHIND_PROXY = False
    assert client_address("1.2.3.4", "10.0.0.1") == "10.0.0.1"
    settings.BEHIND_PROXY = True
    assert client_address("6.6.6.6, 1.2.3.4", "10.0.0.1") == "1.2.3.4"
    assert client_address("", "10.0.0.1") == "10.0.0.1"


def test_migrations_tell_everything_that_the_models_say() -> None:
    call_command("makemigrations", "commons", check=True, dry_run=True, verbosity=0)
