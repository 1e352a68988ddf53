"""Views of the city: read from links and names, bounded, and never kept as they were typed."""

import pytest
from django.test import Client

from participation.deliberation.content import checked
from participation.deliberation.errors import InvalidComment
from participation.deliberation.models import Comment
from participation.deliberation.scenes import Scene, scene_for
from tests.factories.comments import a_comment, a_discussed_proposal
from tests.factories.processes import a_building, a_city
from twin.mirror.models import City

pytestmark = pytest.mark.django_db
HERE = "lon=127.0005&lat=37.5002"


@pytest.fixture
def city() -> City:
    return a_city()


def seen(city: City, typed: str) -> Scene:
    scene = scene_for(city, typed)
    assert scene is not None
    return scene


def test_a_link_of_the_city_gives_the_same_link_back(city: City) -> None:
    link = f"{HERE}&d=620&a=15.0&p=32.5&t=2026-12-21T15:20"
    for typed in (f"https://gaon.example/city/#{link}", f"/map/#{link}", f"#{link}", link, f"/city/?{link}"):
        scene = seen(city, typed)
        assert (scene.distance_m, scene.azimuth_deg, scene.pitch_deg) == (620.0, 15.0, 32.5)
        assert scene.link == "lon=127.0005&lat=37.5002&d=620&a=15&p=32.5&t=2026-12-21T15:20"


def test_the_hash_wins_over_the_query_and_a_walker_has_no_distance(city: City) -> None:
    scene = seen(city, f"/city/?lon=1&lat=1&d=5#{HERE}&m=walk&a=-90")
    assert scene.is_walking
    assert scene.link == "lon=127.0005&lat=37.5002&a=270&m=walk"


@pytest.mark.parametrize(
    "forged", ["d=NaN", "d=1e308", "d=-1", "a=inf", "a=1e9", "p=-90", "p=91", "t=2026-02-30T10:00", "t=now", "d=1&d=x"]
)
def test_forged_numbers_of_a_link_are_left_out(city: City, forged: str) -> None:
    scene = seen(city, f"/city/#{HERE}&{forged}")
    assert scene.link == HERE


@pytest.mark.parametrize(
    "typed",
    [
        "/city/#lon=NaN&lat=37.5",
        "/city/#lon=1e308&lat=1e308",
        "/city/#lon=12&lat=50",
        "/city/#e=1e308&n=0",
        "/city/#idea=5",
        "https://evil.example/#x=1",
        "javascript:alert(1)#a=1",
        "http://[",
        "없는 곳",
        "/city/#" + "a" * 700,
        "/places/00000000-0000-4000-8000-000000000000/",
    ],
)
def test_what_shows_no_place_of_the_city_is_refused_by_its_field(city: City, typed: str) -> None:
    with pytest.raises(InvalidComment) as refusal:
        checked(city=city, text="여기입니다.", scene=typed)
    assert list(refusal.value.fields) == ["scene"]


def test_a_name_an_object_and_a_place_page_stand_for_their_place(city: City) -> None:
    library = a_building(city, "가온도서관", e=40, n=30)
    for typed in ("가온도서관", f"/places/{library.pk}/", f"#o={library.pk}", f"#{HERE}&o={library.pk}"):
        scene = seen(city, typed)
        assert (scene.words, scene.object) == ("가온도서관", str(library.pk))


def test_another_citys_object_is_left_out(city: City) -> None:
    elsewhere = a_building(a_city("elsewhere", is_default=False), "먼 도서관")
    assert seen(city, f"#{HERE}&o={elsewhere.pk}").object == ""


def test_the_scene_is_kept_parsed_and_shown_with_its_place_in_words() -> None:
    proposal = a_discussed_proposal()
    a_building(proposal.city, "버들공원", e=0, n=0)
    a_comment(proposal, scene=f"https://gaon.example/city/?utm=spy#{HERE}&d=300&q=high")
    kept = Comment.objects.get().scene
    assert "gaon.example" not in str(kept)
    assert "spy" not in str(kept)
    page = Client().get(proposal.get_absolute_url()).content.decode()
    link = f"{HERE}&d=300".replace("&", "&amp;")
    assert f"/city/#{link}" in page
    assert f"/map/#{link}" in page
    assert "버들공원" in page
