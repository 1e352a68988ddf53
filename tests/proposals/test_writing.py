"""Three screens without JavaScript: nothing typed is lost, and nobody sees another person's draft."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from participation.proposals.errors import DraftNotFound
from participation.proposals.models import Draft, Proposal
from participation.proposals.services.drafts import (
    MOST_DRAFTS,
    Holder,
    begin_draft,
    delete_draft,
    draft_of,
    keep_fields,
)
from tests.factories.accounts import PASSWORD, signed_in
from tests.factories.processes import a_building, a_city, a_person, a_phase, a_process
from tests.factories.proposals import a_proposal

pytestmark = pytest.mark.django_db

WHAT = {
    "wish": "proposal",
    "title": "도서관을 밤까지 열어 주세요",
    "text": "퇴근하고 오면 이미 닫혀 있어서 갈 수 없습니다.",
}


def begin(client: Client, **fields: str) -> Draft:
    """Screen 1 filled in, and the draft it left."""
    answer = client.post(reverse("proposals:new"), {**WHAT, **fields})
    assert answer.status_code in {303, 400}
    return Draft.objects.latest("created_at")


def at(draft: Draft, screen: str) -> str:
    return reverse(f"proposals:draft_{screen}", args=[draft.id])


def test_a_citizen_writes_places_checks_and_submits() -> None:
    process = a_process()
    school = a_building(process.city, "가온초등학교", e=100, n=50)
    client = signed_in(a_person())
    draft = begin(client, process=process.slug)
    answer = client.post(at(draft, "where"), {"choice": f"object|{school.id}||", "action": "next"})
    assert answer["Location"] == at(draft, "check")
    page = client.get(at(draft, "check")).content.decode()
    assert WHAT["title"] in page
    assert "가온초등학교" in page
    answer = client.post(at(draft, "check"), {"public": "on"})
    proposal = Proposal.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == proposal.get_absolute_url()
    assert (proposal.content.title, proposal.content.object) == (WHAT["title"], school)
    assert not Draft.objects.exists()


def test_a_double_click_leads_to_the_one_proposal() -> None:
    process = a_process()
    client = signed_in(a_person())
    draft = begin(client, process=process.slug)
    first, second = (client.post(at(draft, "check"), {"public": "on"}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Proposal.objects.count() == 1


def test_nothing_is_kept_until_something_is_typed() -> None:
    a_process()
    client = Client()
    assert client.get(reverse("proposals:new")).status_code == 200
    answer = client.post(reverse("proposals:new"), {"title": "  ", "text": ""})
    assert answer.status_code == 400
    assert not Draft.objects.exists()


def test_a_refused_screen_keeps_what_was_typed() -> None:
    process = a_process()
    client = Client()
    answer = client.post(reverse("proposals:new"), {**WHAT, "process": process.slug, "text": "짧음"})
    assert answer.status_code == 400
    assert WHAT["title"] in answer.content.decode()
    assert Draft.objects.get().data["text"] == "짧음"


def test_the_third_screen_waits_until_the_first_is_complete() -> None:
    process = a_process()
    client = signed_in(a_person())
    draft = begin(client, process=process.slug, text="짧음")
    answer = client.get(at(draft, "check"))
    assert answer["Location"] == at(draft, "what")


def test_a_draft_goes_along_when_its_writer_signs_in() -> None:
    process = a_process()
    person = a_person()
    client = Client()
    draft = begin(client, process=process.slug)
    asked = client.post(at(draft, "check"), {"public": "on"})
    assert asked["Location"].startswith(reverse("account_login"))
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    draft.refresh_from_db()
    assert (draft.owner, draft.session_key) == (person, "")
    assert client.get(at(draft, "check")).status_code == 200


def test_without_identity_check_the_third_screen_leads_to_it_and_keeps_the_draft() -> None:
    process = a_process()
    client = signed_in(a_person(identified=False))
    draft = begin(client, process=process.slug)
    page = client.get(at(draft, "check")).content.decode()
    assert reverse("accounts:identity") in page
    answer = client.post(at(draft, "check"), {"public": "on"})
    assert answer.status_code == 403
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert not Proposal.objects.exists()


def test_a_phase_that_closed_meanwhile_refuses_and_keeps_the_draft() -> None:
    process = a_process()
    client = signed_in(a_person())
    draft = begin(client, process=process.slug)
    process.phases.all().delete()
    closed = a_phase(start=-9, end=-1)
    closed.process = process
    closed.save()
    answer = client.post(at(draft, "check"), {"public": "on"})
    assert answer.status_code == 409
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("screen", ["what", "where", "check"])
def test_another_persons_draft_looks_absent(screen: str) -> None:
    process = a_process()
    draft = begin(signed_in(a_person()), process=process.slug)
    for stranger in (Client(), signed_in(a_person())):
        assert stranger.get(at(draft, screen)).status_code == 404
        assert stranger.post(at(draft, screen), WHAT).status_code == 404
    assert stranger.post(reverse("proposals:draft_delete", args=[draft.id])).status_code == 404
    draft.refresh_from_db()
    assert draft.data["title"] == WHAT["title"]


def test_an_anonymous_draft_belongs_to_its_browser_alone() -> None:
    process = a_process()
    client = Client()
    draft = begin(client, process=process.slug)
    assert client.get(at(draft, "where")).status_code == 200
    other = Client()
    begin(other, process=process.slug)
    assert other.get(at(draft, "where")).status_code == 404


def test_several_drafts_are_listed_and_one_is_deleted() -> None:
    process = a_process()
    client = signed_in(a_person())
    kept = begin(client, process=process.slug, title="첫 번째 초안입니다")
    gone = begin(client, process=process.slug, title="두 번째 초안입니다")
    page = client.get(reverse("proposals:drafts")).content.decode()
    assert "첫 번째 초안입니다" in page
    assert "두 번째 초안입니다" in page
    client.post(reverse("proposals:draft_delete", args=[gone.id]))
    assert list(Draft.objects.all()) == [kept]


def test_drafts_are_limited() -> None:
    process = a_process()
    client = signed_in(a_person())
    for _ in range(MOST_DRAFTS):
        begin(client, process=process.slug)
    answer = client.post(reverse("proposals:new"), {**WHAT, "process": process.slug})
    assert answer.status_code == 429
    assert Draft.objects.count() == MOST_DRAFTS


def test_a_complaint_is_led_to_where_it_is_handled_and_may_still_go_on() -> None:
    process = a_process()
    client = Client()
    answer = client.post(reverse("proposals:new"), {**WHAT, "wish": "complaint", "process": process.slug}, follow=True)
    page = answer.content.decode()
    assert "https://www.safetyreport.go.kr" in page
    assert "https://www.epeople.go.kr" in page
    draft = Draft.objects.get()
    answer = client.post(at(draft, "what"), {**WHAT, "process": process.slug})
    assert answer["Location"] == at(draft, "where")


def test_similar_ideas_are_shown_before_one_is_written_twice() -> None:
    process = a_process()
    a_proposal(process, title="도서관을 평일 밤 10시까지 열어 주세요")
    a_proposal(process, title="공원 화장실을 넓고 밝게")
    client = Client()
    answer = client.post(reverse("proposals:new"), {**WHAT, "process": process.slug, "action": "similar"}, follow=True)
    page = answer.content.decode()
    assert "도서관을 평일 밤 10시까지" in page
    assert "공원 화장실" not in page


def test_a_place_clicked_in_the_city_carries_over() -> None:
    process = a_process()
    a_building(process.city, "가온도서관", e=0, n=0)
    client = signed_in(a_person())
    page = client.get(reverse("proposals:new"), {"e": "40.5", "n": "-3"}).content.decode()
    assert 'name="e" value="40.5"' in page
    draft = begin(client, process=process.slug, e="40.5", n="-3")
    client.post(at(draft, "check"), {"public": "on"})
    content = Proposal.objects.get().content
    assert (content.place_kind, content.e, content.n) == ("point", 40.5, -3.0)
    assert "가온도서관" in content.place_words


def test_a_clicked_place_can_be_put_into_a_draft_begun_before() -> None:
    process = a_process()
    client = signed_in(a_person())
    draft = begin(client, process=process.slug)
    page = client.get(reverse("proposals:new"), {"e": "10", "n": "20"}).content.decode()
    assert at(draft, "where") in page
    client.post(at(draft, "where"), {"choice": "point|10|20", "action": "next"})
    draft.refresh_from_db()
    assert (draft.data["place"], draft.data["e"], draft.data["n"]) == ("point", "10", "20")


def test_a_place_is_found_by_name_and_by_coordinates() -> None:
    process = a_process()
    park = a_building(process.city, "버들공원", e=30, n=30)
    client = signed_in(a_person())
    draft = begin(client, process=process.slug)
    answer = client.post(at(draft, "where"), {"q": "버들", "choice": "none", "action": "search"}, follow=True)
    assert str(park.id) in answer.content.decode()
    lon, lat, _h = process.city.frame.to_geodetic(25.0, 35.0, 0.0)
    client.post(at(draft, "where"), {"choice": "coordinates", "lon": f"{lon:.7f}", "lat": f"{lat:.7f}"})
    client.post(at(draft, "check"), {"public": "on"})
    content = Proposal.objects.get().content
    assert content.e == pytest.approx(25.0, abs=0.05)
    assert content.n == pytest.approx(35.0, abs=0.05)


def test_the_author_revises_through_the_same_screens() -> None:
    author = a_person()
    proposal = a_proposal(author=author)
    client = signed_in(author)
    answer = client.post(reverse("proposals:revise", args=[proposal.id]))
    draft = Draft.objects.get(revises=proposal)
    assert answer["Location"] == at(draft, "what")
    again = client.post(reverse("proposals:revise", args=[proposal.id]))
    assert again["Location"] == answer["Location"]
    typed = {
        "title": proposal.content.title,
        "text": "여름에는 그늘막, 겨울에는 바람막이로 써 주세요.",
        "reason": "겨울을 더했습니다",
    }
    client.post(at(draft, "what"), typed)
    client.post(at(draft, "check"), {"public": "on"})
    proposal.refresh_from_db()
    assert proposal.content.number == 2
    page = client.get(reverse("proposals:versions", args=[proposal.id])).content.decode()
    assert "<ins" in page
    assert "겨울을 더했습니다" in page


def test_a_stranger_neither_revises_nor_withdraws() -> None:
    proposal = a_proposal()
    client = signed_in(a_person())
    assert client.post(reverse("proposals:revise", args=[proposal.id])).status_code == 403
    assert client.post(reverse("proposals:withdraw", args=[proposal.id]), {"sure": "on"}).status_code == 403
    assert not Draft.objects.exists()


def test_withdrawing_asks_once_more_and_hides_the_page_from_others() -> None:
    author = a_person()
    proposal = a_proposal(author=author)
    client = signed_in(author)
    address = reverse("proposals:withdraw", args=[proposal.id])
    assert client.post(address).status_code == 400
    assert client.post(address, {"sure": "on"}).status_code == 303
    assert client.get(proposal.get_absolute_url()).status_code == 200
    assert Client().get(proposal.get_absolute_url()).status_code == 410
    assert proposal.content.title not in Client().get(reverse("proposals:list")).content.decode()


def test_a_city_without_an_open_project_says_what_comes_next() -> None:
    a_city()
    page = Client().get(reverse("proposals:new")).content.decode()
    assert reverse("processes:list") in page


def test_a_draft_that_never_was_looks_absent() -> None:
    a_city()
    assert Client().get(reverse("proposals:draft_what", args=[uuid.uuid4()])).status_code == 404


def test_two_windows_on_different_screens_keep_what_each_typed() -> None:
    process, holder = a_process(), Holder(a_person())
    draft = begin_draft(holder=holder, city=process.city, fields={"title": "긴 의자를 놓아 주세요"})
    one, other = draft_of(holder, draft.pk), draft_of(holder, draft.pk)
    keep_fields(draft=one, fields={"text": "쉴 곳이 없습니다."})
    keep_fields(draft=other, fields={"place": "none"})
    draft.refresh_from_db()
    told = {"title": "긴 의자를 놓아 주세요", "text": "쉴 곳이 없습니다.", "place": "none"}
    assert told.items() <= draft.data.items()
    delete_draft(draft=one)
    with pytest.raises(DraftNotFound):
        keep_fields(draft=other, fields={"text": "늦었습니다."})
