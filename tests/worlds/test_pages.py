"""The first page and the three ways into the city."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from participation.processes.kinds import Act, PhaseKind
from tests.factories.processes import a_building, a_city, a_phase, a_process
from tests.factories.proposals import a_place, a_proposal

pytestmark = pytest.mark.django_db


def read(address: str, **query: Any) -> str:
    answer = Client().get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_first_page_shows_what_is_open_what_people_want_and_three_ways_in() -> None:
    city = a_city()
    process = a_process(city, title="지금 열린 사업")
    a_process(city, phases=[a_phase(PhaseKind.REVIEW, allows=[])], title="검토 중인 사업")
    proposal = a_proposal(process, place=a_place(process))
    page = read(reverse("worlds:home"))
    assert "지금 열린 사업" in page
    assert "검토 중인 사업" not in page
    assert proposal.content.title in page
    for way in ("city", "map", "places"):
        assert reverse(f"worlds:{way}") in page
    assert page.count("<h1") == 1


def test_where_one_can_propose_comes_first() -> None:
    city = a_city()
    a_process(city, phases=[a_phase(PhaseKind.VOTE, end=2, allows=[Act.VOTE])], title="투표하는 사업")
    a_process(city, phases=[a_phase(end=9)], title="제안받는 사업")
    page = read(reverse("worlds:home"))
    assert page.index("제안받는 사업") < page.index("투표하는 사업")


def test_names_that_a_citys_file_brings_along_stay_text() -> None:
    process, name = a_process(a_city()), "도서관<script>alert(1)</script>"
    building = a_building(process.city, name)
    proposal = a_proposal(process, place=a_place(process))
    pages = [
        reverse("worlds:places"),
        reverse("worlds:place", args=[building.pk]),
        reverse("worlds:home"),
        proposal.get_absolute_url(),
        reverse("proposals:small_map", args=[proposal.pk]),
        f"{reverse('proposals:new')}?object={building.pk}",
    ]
    for page in pages:
        answer = Client().get(page)
        assert answer.status_code == 200, page
        assert "<script>alert" not in answer.content.decode(), page
    assert "도서관&lt;script&gt;" in Client().get(pages[0]).content.decode()


def test_the_first_page_asks_few_queries(django_assert_max_num_queries: Any) -> None:
    process = a_process()
    for number in range(8):
        a_proposal(process, place=a_place(process, number, number))
    with django_assert_max_num_queries(12):
        Client().get(reverse("worlds:home"))


def test_an_empty_city_has_a_next_step_everywhere() -> None:
    a_city()
    assert reverse("proposals:new") in read(reverse("worlds:home"))
    assert read(reverse("worlds:places"))
    assert reverse("proposals:new") in read(reverse("proposals:list"))


def test_without_any_city_the_first_page_is_absent_and_does_not_break() -> None:
    assert Client().get(reverse("worlds:home")).status_code == 404


@pytest.mark.parametrize("way", ["city", "map"])
def test_city_and_map_name_their_city_and_lead_to_the_list(way: str) -> None:
    a_city("first")
    a_city("second")
    assert 'data-city="first"' in read(reverse(f"worlds:{way}"))
    page = read(reverse(f"city-worlds:{way}", args=["second"]))
    assert 'data-city="second"' in page
    assert reverse("city-worlds:places", args=["second"]) in page


def test_places_are_listed_by_name_found_by_words_and_by_kind() -> None:
    city = a_city()
    a_building(city, "가온도서관", use="library")
    a_building(city, "버들시장", e=100, use="market")
    assert read(reverse("worlds:places")).count('class="place-row"') == 2
    assert "버들시장" not in read(reverse("worlds:places"), q="도서관")
    assert "가온도서관" in read(reverse("worlds:places"), kind="learning")
    assert "버들시장" not in read(reverse("worlds:places"), kind="learning")
    assert Client().get(reverse("worlds:places"), {"kind": "<b>", "page": "x"}).status_code == 200


def test_a_place_shows_what_it_is_and_the_ideas_around_it() -> None:
    process = a_process()
    library = a_building(process.city, "가온도서관", e=50, n=50, use="library")
    near = a_proposal(process, title="도서관 앞 의자", place=a_place(process, 60, 60))
    far = a_proposal(process, title="먼 곳의 제안입니다", place=a_place(process, -400, -400))
    page = read(reverse("worlds:place", args=[library.id]))
    assert near.content.title in page
    assert far.content.title not in page
    assert f"object={library.id}" in page
    assert Client().get(reverse("worlds:place", args=[uuid.uuid4()])).status_code == 404
