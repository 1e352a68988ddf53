"""What people paste, and what machines send."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from participation.proposals.content import checked
from participation.proposals.errors import InvalidContent, OutsideTheCity, PlaceNotFound
from participation.proposals.models import Draft, Proposal
from participation.proposals.places import PlaceRequest, place_for
from tests.factories.accounts import signed_in
from tests.factories.processes import a_building, a_city, a_person, a_process
from tests.factories.proposals import a_proposal

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
OVERRIDE = "\u202e"


@pytest.mark.django_db
def test_html_and_script_in_every_field_stay_text() -> None:
    author = a_person()
    proposal = a_proposal(author=author, title=f"제목 {SCRIPT}", text=f"내용 {SCRIPT}\n\n{SCRIPT}", reason=SCRIPT)
    client = signed_in(author)
    client.post(
        reverse("proposals:new"),
        {"title": SCRIPT, "text": SCRIPT, "wish": SCRIPT, "process": SCRIPT, "e": SCRIPT, "object": SCRIPT},
    )
    draft = Draft.objects.get()
    pages = [
        proposal.get_absolute_url(),
        reverse("proposals:list"),
        reverse("proposals:list") + "?q=" + SCRIPT,
        reverse("proposals:versions", args=[proposal.id]),
        reverse("proposals:mine"),
        reverse("proposals:drafts"),
        reverse("proposals:draft_what", args=[draft.id]),
        reverse("proposals:draft_where", args=[draft.id]) + "?q=" + SCRIPT,
        reverse("proposals:draft_check", args=[draft.id]),
        reverse("proposals:small_map", args=[proposal.id]),
        reverse("worlds:home"),
        reverse("worlds:places") + "?q=" + SCRIPT,
    ]
    for page in pages:
        html = client.get(page, follow=True).content.decode()
        assert "<script>alert" not in html, page
        assert "<img src=x" not in html, page


@pytest.mark.django_db
def test_a_text_of_five_megabytes_is_refused_and_nothing_is_written() -> None:
    process = a_process()
    client = signed_in(a_person())
    text = "가" * (5 * 1024 * 1024 // 3)
    page = client.post(reverse("proposals:new"), {"title": "긴 글입니다", "text": text, "process": process.slug})
    api = client.post(
        "/api/v1/proposals/",
        {"key": str(uuid.uuid4()), "process": process.slug, "title": "긴 글입니다", "text": text},
        content_type="application/json",
    )
    assert page.status_code in {400, 413}
    assert api.status_code == 413
    assert api.json()["code"] == "too_large"
    assert not Draft.objects.exists()
    assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_a_text_somewhat_too_long_is_kept_for_its_author_to_shorten() -> None:
    process = a_process()
    client = signed_in(a_person())
    answer = client.post(
        reverse("proposals:new"),
        {"wish": "proposal", "title": "긴 글입니다", "text": "가" * 12_000, "process": process.slug},
    )
    assert answer.status_code == 400
    assert "12,000자" in answer.content.decode()
    assert len(Draft.objects.get().data["text"]) == 12_000


@pytest.mark.parametrize(
    ("title", "text", "field"),
    [
        ("", "열 글자는 넘는 내용입니다.", "title"),
        ("짧", "열 글자는 넘는 내용입니다.", "title"),
        ("가" * 81, "열 글자는 넘는 내용입니다.", "title"),
        ("알맞은 제목", "짧다", "text"),
        ("알맞은 제목", "가" * 10_001, "text"),
        ("\u3164\u3164\u3164\u3164", "열 글자는 넘는 내용입니다.", "title"),
    ],
)
def test_what_does_not_fit_is_named_by_field(title: str, text: str, field: str) -> None:
    with pytest.raises(InvalidContent) as refusal:
        checked(title=title, text=text)
    assert list(refusal.value.fields) == [field]


def test_direction_overrides_and_control_characters_are_dropped() -> None:
    content = checked(title=f"제목{OVERRIDE}입니다\x00", text=f"내용{OVERRIDE}은 그대로\x07 읽힙니다.")
    assert content.title == "제목입니다"
    assert content.text == "내용은 그대로 읽힙니다."


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        {"place": "point", "e": "nan", "n": "0"},
        {"place": "point", "e": "inf", "n": "0"},
        {"place": "point", "e": "1e999", "n": "0"},
        {"place": "point", "e": "", "n": "5"},
        {"place": "point", "e": "가", "n": "0"},
        {"place": "object", "object": "not-an-id"},
        {"place": "object", "object": str(uuid.uuid4())},
    ],
)
def test_a_place_that_is_none_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(PlaceNotFound):
        place_for(a_city(), PlaceRequest.from_fields(asked))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        {"place": "point", "e": "501", "n": "0"},
        {"place": "point", "e": "-1e12", "n": "0"},
        {"place": "point", "lon": "200", "lat": "0"},
        {"place": "point", "lon": "-0.1276", "lat": "51.5072"},
    ],
)
def test_a_place_outside_the_city_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(OutsideTheCity):
        place_for(a_city(), PlaceRequest.from_fields(asked))


@pytest.mark.django_db
def test_another_citys_object_is_no_place_here() -> None:
    elsewhere = a_building(a_city("elsewhere"), "먼 도서관")
    with pytest.raises(PlaceNotFound):
        place_for(a_city("here"), PlaceRequest("object", str(elsewhere.id)))


@pytest.mark.django_db
def test_a_click_far_from_its_object_counts_as_the_object() -> None:
    city = a_city()
    school = a_building(city, "가온초등학교", e=100, n=100)
    place = place_for(city, PlaceRequest("object", str(school.id), "-400", "-400"))
    assert (place.e, place.n) == (100, 100)


@pytest.mark.django_db
@pytest.mark.parametrize("choice", ["", "object", "object|x", "point|1", "point|a|b", "keep", "coordinates", "☃|||||"])
def test_a_forged_choice_of_place_is_answered_and_not_believed(choice: str) -> None:
    process = a_process()
    client = Client()
    client.post(
        reverse("proposals:new"),
        {"title": "도서관을 늦게까지", "text": "밤에도 읽고 싶습니다.", "process": process.slug},
    )
    draft = Draft.objects.get()
    answer = client.post(reverse("proposals:draft_where", args=[draft.id]), {"choice": choice, "action": "next"})
    assert answer.status_code in {303, 400}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"title": 5}',
        b'{"key": "x", "process": "..", "title": "t", "text": "t"}',
        b'{"place": {"e": NaN}}',
    ],
)
def test_malformed_submissions_get_a_code_and_write_nothing(body: bytes) -> None:
    a_process()
    answer = signed_in(a_person()).post("/api/v1/proposals/", body, content_type="application/json")
    assert answer.status_code == 400
    told: dict[str, Any] = answer.json()
    assert set(told) == {"code", "message", "fields"}
    assert not Proposal.objects.exists()
