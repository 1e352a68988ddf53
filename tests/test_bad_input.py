"""Whatever is sent to whatever address there is: an answer in the 400s at worst, and never a fault of ours.

The addresses are read from the routes themselves, so that a new page is tried the day it is made.
"""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

from tests.factories.accounts import signed_in
from tests.factories.designs import a_draft
from tests.factories.processes import a_building, a_city, a_person, a_process
from tests.factories.proposals import a_place, a_proposal

# A library's own pages; its to test.
NOT_OURS = ("admin/",)
SCRIPT = "<script>alert(1)</script>"
NUL = "\x00"
ODD = ("' OR 1=1 --", "9" * 400, "-1", "nan", "1e999", "\u202e\ud7ff\uffff", "%", "../../etc/passwd", "가" * 300)
# Every parameter that a page or the API reads from an address, and what forms send.
PARAMETERS = "after,city,draw,e,from,kind,lat,lon,look,n,near,next,object,page,place,process,q,size,sort,state,to"
FIELDS = "action,alias,birth_date,choice,code,email,language,login,name,password,phone,reason,text,title,wish"
DRAFT_FIELDS = "title,text,reason,wish,process,choice,action,q,lat,lon,kind,design"
BODIES = (
    b"",
    b"[]",
    b"null",
    b"7",
    b'"x"',
    b"{",
    b"\xff\xfe",
    b"[" * 300 + b"]" * 300,
    b'{"a": ' * 300 + b"1" + b"}" * 300,
    b'{"title": {"$gt": ""}, "text": [null], "key": 1, "place": 7, "design": [], "photos": {}}',
    b'{"title": "\\ud800", "text": "\\u0000"}',
    b'{"e": 1e999, "n": NaN}',
)


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every route as Django writes it: `proposals/<uuid:pk>/`."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern) and not route.startswith(NOT_OURS):
            yield route


def hostile(names: str) -> Iterator[dict[str, str]]:
    """What is worst everywhere at once; then something odd in each place, twice."""
    told = names.split(",")
    yield from (dict.fromkeys(told, value) for value in (NUL, SCRIPT))
    yield from ({name: ODD[(place + turn) % len(ODD)] for place, name in enumerate(told)} for turn in (0, 4))


def filled(route: str, subjects: dict[str, str], otherwise: dict[str, str]) -> str:
    """The route's address, with a known subject by its name or else something of the right kind."""

    def value(found: re.Match[str]) -> str:
        kind, name = found[1] or "str", found[2]
        return subjects.get(name, otherwise.get(kind, "x"))

    return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", value, route)


# Under `/c/<city>/` stand the same pages as under `/`.
ROUTES = sorted({route for route in routes() if "(?P" not in route and not route.startswith("c/<slug:city>/")})
METHODS = ("get", "post", "put", "delete")
KINDS = {"uuid": str(uuid.UUID(int=7)), "int": "7", "slug": "x", "str": "x", "path": "x/y"}


@pytest.fixture
def subjects() -> dict[str, str]:
    """A proposal at a building of a city; what else is named in an address is not there."""
    process = a_process(a_city())
    a_building(process.city, "가온도서관")
    proposal = a_proposal(process, place=a_place(process))
    return {"city": process.city.slug, "pk": str(proposal.pk), "slug": process.slug}


def test_the_routes_are_found() -> None:
    assert len(ROUTES) > 60
    assert "proposals/<uuid:pk>/" in ROUTES


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES)
def test_no_address_is_broken_by_what_is_asked_of_it(route: str, subjects: dict[str, str]) -> None:
    citizen, address = signed_in(a_person()), filled(route, subjects, KINDS)
    for query in hostile(PARAMETERS):
        answer = citizen.get(address, query)
        assert answer.status_code < 500, (address, query)
        assert SCRIPT.encode() not in answer.content, address
    assert citizen.get(filled(route, {}, KINDS)).status_code < 500
    assert Client().get(address, dict.fromkeys(PARAMETERS.split(","), "x")).status_code < 500


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES)
def test_no_form_is_broken_by_what_is_sent_to_it(route: str, subjects: dict[str, str]) -> None:
    client = signed_in(a_person())
    address = filled(route, subjects, KINDS)
    for fields in hostile(f"{PARAMETERS},{FIELDS}"):
        answer = client.post(address, fields)
        assert answer.status_code < 500, (address, fields)
        assert SCRIPT.encode() not in answer.content, address


@pytest.mark.django_db
def test_a_draft_bears_whatever_is_typed(subjects: dict[str, str]) -> None:
    client = signed_in(a_person())
    draft = a_draft(client, a_process(a_city("elsewhere")))
    for screen in ("what", "where", "design", "check"):
        address = f"/proposals/drafts/{draft.pk}/{screen}/"
        for fields in hostile(DRAFT_FIELDS):
            assert client.post(address, fields).status_code < 500, (address, fields)
            assert client.get(address, fields).status_code < 500, (address, fields)


def operations() -> list[tuple[str, str]]:
    """Every method of the API that takes a body, and its route."""
    paths: dict[str, dict[str, Any]] = SchemaGenerator().get_schema(public=True)["paths"]
    return sorted(
        (m, path) for path, methods in paths.items() for m in methods if m in {"post", "put", "patch", "delete"}
    )


@pytest.mark.django_db
@pytest.mark.parametrize("operation", operations(), ids=" ".join)
def test_the_api_answers_anything_with_a_code(operation: tuple[str, str], subjects: dict[str, str]) -> None:
    method, path = operation
    known = {"id": subjects["pk"]} | subjects
    address = re.sub(r"{(\w+)}", lambda found: known.get(found[1], KINDS["uuid"]), path)
    client = signed_in(a_person())
    for body in BODIES:
        answer = getattr(client, method)(address, body, content_type="application/json")
        assert answer.status_code < 500, (address, body)
        if answer.status_code >= 400:
            assert set(json.loads(answer.content)) == {"code", "message", "fields"}


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route in ROUTES if "office/" in route])
def test_the_offices_pages_are_closed_to_everybody_else(route: str) -> None:
    address, is_api = filled(route, {}, KINDS), route.startswith("api/")
    citizen = signed_in(a_person())
    refused = {method: getattr(citizen, method)(address).status_code for method in METHODS}
    # A page answers GET; what of the API does may take another method alone.
    assert set(refused.values()) <= {403, 405}, (address, refused)
    assert 403 in refused.values(), (address, refused)
    assert is_api or refused["get"] == 403, address
    if is_api:
        led = {method: getattr(Client(), method)(address).status_code for method in METHODS}
        assert led == {method: 401 if status == 403 else 405 for method, status in refused.items()}, address
        return
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/"), address
