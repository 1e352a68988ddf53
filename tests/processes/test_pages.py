"""Pages of processes: which there are, what one can do today."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from participation.processes.kinds import Act, PhaseKind
from participation.processes.models import Process
from tests.factories.accounts import signed_in
from tests.factories.processes import a_city, a_person, a_phase, a_process
from tests.factories.proposals import a_proposal

pytestmark = pytest.mark.django_db


def test_processes_are_grouped_by_where_they_stand() -> None:
    city = a_city()
    a_process(city, title="지금 열린 사업")
    a_process(city, phases=[a_phase(start=3, end=9)], title="곧 열릴 사업")
    a_process(city, phases=[a_phase(start=-9, end=-3)], title="끝난 사업")
    page = Client().get(reverse("processes:list")).content.decode()
    assert page.index("지금 열린 사업") < page.index("곧 열릴 사업") < page.index("끝난 사업")


def test_the_list_asks_few_queries(django_assert_max_num_queries: Any) -> None:
    city = a_city()
    for _ in range(12):
        a_process(city)
    with django_assert_max_num_queries(6):
        Client().get(reverse("processes:list"))


def test_a_process_shows_its_stages_its_proposals_and_what_one_can_do() -> None:
    phases = [a_phase(), a_phase(PhaseKind.VOTE, start=20, end=30, allows=[Act.VOTE])]
    process = a_process(phases=phases, text="함께 정합니다. <script>alert(1)</script>")
    proposal = a_proposal(process)
    page = Client().get(reverse("processes:detail", args=[process.slug])).content.decode()
    assert 'aria-current="step"' in page
    assert f"{reverse('proposals:new')}?process={process.slug}" in page
    assert proposal.content.title in page
    assert "<script>alert" not in page


def test_what_cannot_be_done_today_says_when_it_can() -> None:
    process = a_process(phases=[a_phase(start=3, end=9)])
    page = signed_in(a_person()).get(reverse("processes:detail", args=[process.slug])).content.decode()
    opens = process.timeline()[0].opens_at.astimezone()
    assert f"{opens.month}월 {opens.day}일에 시작합니다" in page


def test_drafts_of_processes_look_absent_everywhere() -> None:
    process = a_process(title="아직 초안인 사업")
    Process.objects.update(state=Process.State.DRAFT)
    client = Client()
    assert client.get(reverse("processes:detail", args=[process.slug])).status_code == 404
    assert client.get(f"/api/v1/processes/{process.slug}/").status_code == 404
    assert "아직 초안인" not in client.get(reverse("processes:list")).content.decode()
    assert client.get("/api/v1/processes/").json()["count"] == 0


def test_the_api_tells_the_phases_and_the_kinds_of_designs() -> None:
    process = a_process(open_kinds=["park", "remove", "nonsense"], title_en="A park for all")
    told = Client().get(f"/api/v1/processes/{process.slug}/").json()
    assert told["title"] == {"ko": process.title, "en": "A park for all"}
    assert told["open_kinds"] == ["park"]
    assert told["current_phase"]["allows"] == ["propose", "support"]


def test_a_city_without_projects_says_what_comes_next() -> None:
    a_city()
    assert reverse("worlds:places") in Client().get(reverse("processes:list")).content.decode()
