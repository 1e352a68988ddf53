"""The sample district's projects and ideas."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pyproj import Transformer

from metacity.accounts.models import User
from participation.moderation.models import Appeal, Case, Decision, Report
from participation.processes.kinds import PhaseKind
from participation.processes.models import Process
from participation.proposals.models import Answer, Deadline, Photo, Proposal, Step, Support
from participation.proposals.seeding import seed_city
from participation.proposals.seeding_reports import seed_reports
from participation.proposals.states import State
from tests.factories.processes import a_building, a_city
from twin.mirror.features import Kind
from twin.mirror.models import City
from twin.mirror.sample import plan

pytestmark = pytest.mark.django_db


def a_district() -> City:
    """As large as the sample and where it lies, all of it one public square with a library."""
    east, north = plan.ORIGIN
    lon, lat = Transformer.from_crs(plan.EPSG, 4326, always_xy=True).transform(east + 1000, north + 1000)
    city = a_city("gaon", reach_m=1100.0, origin=(lon, lat))
    a_building(city, "구 전체가 광장", size_m=2200.0, kind=Kind.SQUARE)
    a_building(city, "가온도서관", e=20, n=20)
    return city


def test_there_are_projects_in_every_phase_and_ideas_in_many_states() -> None:
    city, now = a_district(), timezone.now()
    new = seed_city(city, now)
    assert new == Proposal.objects.count() >= 30
    processes = Process.objects.with_phases()
    assert {phase.kind for process in processes if (phase := process.current_phase(now))} >= set(PhaseKind) - {"result"}
    assert any(process.timeline()[-1].is_over(now) for process in processes)
    assert set(Proposal.objects.values_list("state", flat=True)) == set(State)
    library = Proposal.objects.get(current__title__startswith="도서관을 평일 밤")
    assert library.content.place_words == "가온도서관"
    assert library.supports_count == Support.objects.filter(proposal=library).count() == 41
    assert not Proposal.objects.filter(submitted_at__gt=now).exists()
    stairs = Proposal.objects.get(current__title__startswith="달맞이공원 계단")
    assert [version.photos.count() for version in stairs.versions.all()] == [1, 2]
    assert all("그림" in photo.alt for photo in Photo.objects.all())
    assert all(process.title_en and process.summary_en for process in processes)


def test_the_office_has_something_of_everything_to_do_and_nothing_of_it_lies_ahead() -> None:
    city, now = a_district(), timezone.now()
    seed_city(city, now)
    today = timezone.localdate(now)
    clocks = list(Deadline.objects.select_related("proposal"))
    assert sum(clock.is_late(today) for clock in clocks) == 1
    assert any(clock.extensions for clock in clocks)
    assert any(clock.is_running and clock.proposal.state == State.INTERIM_ANSWER for clock in clocks)
    assert set(Answer.objects.values_list("state", flat=True)) == {"waiting", "sent_back", "published"}
    assert all(answer.planned_on > today for answer in Answer.objects.filter(state="waiting"))
    assert Step.objects.filter(facts__percent=60).exists()
    assert not Step.objects.filter(at__gt=now).exists()


def test_seeding_again_changes_nothing() -> None:
    city, now = a_district(), timezone.now()
    seed_city(city, now)
    before = Proposal.objects.count(), Support.objects.count(), Process.objects.count()
    assert seed_city(city, now) == 0
    assert (Proposal.objects.count(), Support.objects.count(), Process.objects.count()) == before


def test_some_ideas_are_reported_decided_and_objected_to_and_only_once() -> None:
    city, now = a_district(), timezone.now()
    call_command("seed_demo_accounts", verbosity=0)
    seed_city(city, now)
    seed_reports(city, now)
    before = Case.objects.count(), Report.objects.count(), Decision.objects.count(), Proposal.objects.count()
    assert set(Appeal.objects.values_list("state", flat=True)) == {"waiting", "granted"}
    assert set(Decision.objects.values_list("outcome", flat=True)) == {"hide", "keep", "restore"}
    assert Case.objects.waiting().count() == 3
    [gone] = Proposal.objects.exclude(hidden_at=None)
    assert gone.author is not None
    assert gone.author.email == "citizen2@example.org"
    waiting = Appeal.objects.get(state="waiting")
    assert Appeal.objects.decidable_by(User.objects.get(email="moderator@example.org")).filter(pk=waiting.pk).exists()
    seed_reports(city, now)
    assert (
        Case.objects.count(),
        Report.objects.count(),
        Decision.objects.count(),
        Proposal.objects.count(),
    ) == before


def test_without_two_moderators_nothing_is_decided() -> None:
    city, now = a_district(), timezone.now()
    seed_city(city, now)
    assert "no reports" in seed_reports(city, now)
    assert not Case.objects.exists()


def test_it_is_refused_in_production(settings: pytest.FixtureRequest) -> None:
    settings.MODE = "production"  # type: ignore[attr-defined]
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert not Proposal.objects.exists()
