"""Lists in pages, on pages and in the API."""

import pytest
from django.test import RequestFactory
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from metacity.commons.api import NumberedPages
from metacity.commons.pagination import paginate

THINGS = list(range(95))


def page(asked: str) -> list[int]:
    return list(paginate(THINGS, RequestFactory().get("/", {"page": asked}), size=10))  # type: ignore[type-var]


@pytest.mark.parametrize(("asked", "first"), [("1", 0), ("3", 20), ("", 0), ("x", 0), ("-1", 90), ("9" * 30, 90)])
def test_a_number_that_makes_no_sense_leads_to_a_page_all_the_same(asked: str, first: int) -> None:
    assert page(asked)[0] == first


def test_far_pages_are_left_out_of_the_links() -> None:
    shown = paginate(list(range(500)), RequestFactory().get("/?page=10"), size=10)  # type: ignore[type-var]
    numbers = [str(number) for number in shown.numbers]
    gap = str(shown.paginator.ELLIPSIS)
    assert numbers == ["1", gap, "8", "9", "10", "11", "12", gap, "50"]


def test_the_api_tells_count_and_pages() -> None:
    pages = NumberedPages()
    things = pages.paginate_queryset(THINGS, Request(RequestFactory().get("/?page=2&size=40")))
    assert pages.get_paginated_response(things).data == {
        "count": 95,
        "page": 2,
        "pages": 3,
        "results": list(range(40, 80)),
    }


def test_the_api_has_no_page_beyond_the_last_and_no_endless_pages() -> None:
    with pytest.raises(NotFound):
        NumberedPages().paginate_queryset(THINGS, Request(RequestFactory().get("/?page=9")))
    assert NumberedPages().get_page_size(Request(RequestFactory().get("/?size=100000"))) == 100
