"""Lists, pages, versions and what goes along with a shared link."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from participation.proposals.services import give_support, withdraw_proposal
from participation.proposals.states import State
from tests.factories.accounts import signed_in
from tests.factories.processes import a_building, a_city, a_person, a_phase, a_process
from tests.factories.proposals import a_place, a_proposal
from twin.mirror.models import City

pytestmark = pytest.mark.django_db


def read(address: str, **query: Any) -> str:
    answer = Client().get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_the_newest_first_and_the_most_supported_when_asked() -> None:
    process = a_process()
    older = a_proposal(process, title="먼저 올라온 제안입니다")
    a_proposal(process, title="나중에 올라온 제안입니다")
    give_support(proposal=older, person=a_person(), at=timezone.now())
    newest, supported = read(reverse("proposals:list")), read(reverse("proposals:list"), sort="supports")
    assert newest.index("나중에 올라온") < newest.index("먼저 올라온")
    assert supported.index("먼저 올라온") < supported.index("나중에 올라온")


def test_the_list_is_narrowed_by_words_state_process_and_kind() -> None:
    process = a_process()
    other = a_process(process.city)
    bench = a_proposal(process, title="긴 의자를 놓아 주세요", place=a_place(process))
    a_proposal(other, title="도서관을 늦게까지")
    bench.move_to(State.IN_REVIEW, at=timezone.now())
    narrowed = [{"q": "의자"}, {"state": "in_review"}, {"process": process.slug}, {"kind": "place"}]
    for query in narrowed:
        page = read(reverse("proposals:list"), **query)
        assert "긴 의자를" in page, query
        assert "도서관을 늦게까지" not in page, query
    assert "도서관을 늦게까지" in read(reverse("proposals:list"), kind="district")


def test_every_word_has_to_be_found_in_title_text_or_place() -> None:
    a_proposal(title="긴 의자를 놓아 주세요", text="할머니께서 쉬어 가실 곳이 없습니다.")
    assert "긴 의자를" in read(reverse("proposals:list"), q="의자 할머니")
    assert "긴 의자를" not in read(reverse("proposals:list"), q="의자 할아버지")


def test_the_list_is_narrowed_to_what_is_near_a_named_place() -> None:
    process = a_process()
    a_building(process.city, "가온초등학교", e=-300, n=-300)
    a_proposal(process, title="학교 옆의 제안입니다", place=a_place(process, -280, -290))
    a_proposal(process, title="먼 곳의 제안입니다", place=a_place(process, 400, 400))
    page = read(reverse("proposals:list"), near="가온초등")
    assert "학교 옆의" in page
    assert "먼 곳의" not in page
    assert "먼 곳의" in read(reverse("proposals:list"), near="390,410")


def test_an_unknown_place_is_said_to_be_unknown_and_leads_to_the_list_of_places() -> None:
    a_proposal(title="아무 곳의 제안입니다")
    page = read(reverse("proposals:list"), near="없는 곳")
    assert "아무 곳의" not in page
    assert reverse("worlds:places") in page


@pytest.mark.parametrize(
    "query", [{"page": "x"}, {"page": "99999"}, {"state": "<b>"}, {"near": "nan,inf"}, {"sort": "\x00"}]
)
def test_filters_that_make_no_sense_do_no_harm(query: dict[str, str]) -> None:
    a_proposal()
    assert Client().get(reverse("proposals:list"), query).status_code == 200


def test_the_list_asks_few_queries_however_long_it_is(django_assert_max_num_queries: Any) -> None:
    process = a_process()
    author = a_person()
    for number in range(25):
        a_proposal(process, author, title=f"제안 {number}입니다", place=a_place(process, number, number))
    client = signed_in(a_person())
    with django_assert_max_num_queries(12):
        client.get(reverse("proposals:list"), {"q": "제안", "kind": "place"})


def test_a_proposals_page_asks_few_queries(django_assert_max_num_queries: Any) -> None:
    process = a_process()
    proposal = a_proposal(process, place=a_place(process))
    client = signed_in(a_person())
    with django_assert_max_num_queries(12):
        assert client.get(proposal.get_absolute_url()).status_code == 200


def test_the_page_says_what_where_why_and_that_it_is_no_plan() -> None:
    process = a_process(support_goal=50)
    a_building(process.city, "버들공원", e=0, n=0)
    proposal = a_proposal(process, place=a_place(process, 60, 0))
    page = read(proposal.get_absolute_url())
    assert proposal.content.title in page
    assert "시민 제안 · 확정된 계획 아님" in page
    assert "버들공원에서 동쪽으로 50 m" in page
    assert f'data-room="{proposal.room}"' in page
    assert 'data-seq="0"' in page
    assert "49명" not in page
    assert "50명 남았습니다" in page


def test_the_page_is_complete_in_english() -> None:
    process = a_process(title_en="A stream for all")
    proposal = a_proposal(process, place=a_place(process))
    page = Client().get(proposal.get_absolute_url(), headers={"accept-language": "en"}).content.decode()
    assert "Citizen's proposal · not an approved plan" in page
    assert "A stream for all" in page


def test_the_number_of_the_last_event_stands_in_the_page() -> None:
    proposal = a_proposal()
    give_support(proposal=proposal, person=a_person(), at=timezone.now())
    assert 'data-seq="1"' in read(proposal.get_absolute_url())


def test_supporting_from_the_page_works_without_a_script() -> None:
    proposal, person = a_proposal(), a_person()
    client = signed_in(person)
    address = reverse("proposals:support", args=[proposal.id])
    answer = client.post(address)
    assert answer["Location"] == f"{proposal.get_absolute_url()}#support"
    proposal.refresh_from_db()
    assert proposal.supports_count == 1
    assert "take_back" in client.get(proposal.get_absolute_url()).content.decode()
    client.post(address, {"take_back": "1"})
    proposal.refresh_from_db()
    assert proposal.supports_count == 0


def test_a_visitor_who_supports_is_led_to_signing_in_and_back() -> None:
    proposal = a_proposal()
    answer = Client().post(reverse("proposals:support", args=[proposal.id]))
    assert answer["Location"].startswith(reverse("account_login"))
    assert str(proposal.id) in answer["Location"]
    assert Client().get(reverse("proposals:support", args=[proposal.id])).status_code == 405


def test_supporting_in_a_closed_phase_is_refused() -> None:
    process = a_process()
    proposal = a_proposal(process)
    process.phases.all().delete()
    closed = a_phase(start=-9, end=-1)
    closed.process = process
    closed.save()
    client = signed_in(a_person())
    assert client.post(reverse("proposals:support", args=[proposal.id])).status_code == 409
    assert "끝났습니다" in client.get(proposal.get_absolute_url()).content.decode()


def test_one_city_does_not_list_anothers_proposals() -> None:
    one, other = a_process(a_city("one")), a_process(a_city("other"))
    a_proposal(one, title="하나 도시의 제안")
    a_proposal(other, title="다른 도시의 제안")
    assert "다른 도시의" not in read(reverse("proposals:list"))
    page = read(reverse("city-proposals:list", args=["other"]))
    assert "다른 도시의" in page
    assert "/c/other/proposals/" in page


def test_proposals_of_a_closed_city_look_absent() -> None:
    proposal = a_proposal()
    City.objects.update(is_closed=True)
    assert Client().get(proposal.get_absolute_url()).status_code == 404
    assert Client().get(f"/api/v1/proposals/{proposal.id}/").status_code == 404


def test_what_changed_is_marked_for_eye_and_ear_and_unknown_versions_are_absent() -> None:
    proposal = a_proposal()
    address = reverse("proposals:versions", args=[proposal.id])
    assert Client().get(address).status_code == 200
    assert Client().get(address, {"from": "1", "to": "7"}).status_code == 404
    assert Client().get(address, {"from": "x", "to": "²"}).status_code == 200


def test_the_shared_picture_is_a_png_of_the_expected_size() -> None:
    process = a_process()
    a_building(process.city, "가온도서관", e=10, n=10)
    proposal = a_proposal(process, place=a_place(process), title="아주 긴 제목 " * 6 + "끝")
    answer = Client().get(reverse("proposals:picture", args=[proposal.id]))
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    again = Client().get(reverse("proposals:picture", args=[proposal.id]), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    page = read(proposal.get_absolute_url())
    assert (
        f'<meta property="og:image" content="http://testserver{reverse("proposals:picture", args=[proposal.id])}">'
        in page
    )


@pytest.mark.parametrize("name", ["picture", "small_map", "qr"])
def test_what_goes_along_with_a_link_stays_out_of_shared_caches_and_ends_with_the_proposal(name: str) -> None:
    author = a_person()
    proposal = a_proposal(author=author)
    address = reverse(f"proposals:{name}", args=[proposal.id])
    answer = Client().get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, max-age=300")
    withdraw_proposal(proposal=proposal, author=author, at=timezone.now())
    assert Client().get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 410
    assert signed_in(author).get(address)["Cache-Control"] == "private, no-store"


def test_the_surroundings_are_drawn_from_what_stands_there() -> None:
    process = a_process()
    a_building(process.city, "가온도서관", e=30, n=40)
    placed, unplaced = a_proposal(process, place=a_place(process)), a_proposal(process, title="구 전체의 제안입니다")
    drawn = Client().get(reverse("proposals:small_map", args=[placed.id])).content.decode()
    assert drawn.startswith("<svg")
    assert drawn.count("<path") > 3
    empty = Client().get(reverse("proposals:small_map", args=[unplaced.id])).content.decode()
    assert "<path" not in empty


def test_the_qr_code_is_an_svg() -> None:
    answer = Client().get(reverse("proposals:qr", args=[a_proposal().id]))
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content


def test_my_page_lists_what_i_wrote_and_supported() -> None:
    person = a_person()
    mine, other = a_proposal(author=person, title="내가 낸 제안입니다"), a_proposal(title="남이 낸 제안입니다")
    give_support(proposal=other, person=person, at=timezone.now())
    page = signed_in(person).get(reverse("proposals:mine")).content.decode()
    assert mine.content.title in page
    assert other.content.title in page
    assert Client().get(reverse("proposals:mine")).status_code == 302
