"""The page of people here now, the choice of how one is seen, and the same over the API."""

import datetime as dt
import json
from typing import Any

import pytest
import redis
from django.conf import settings
from django.test import Client
from django.urls import reverse

from metacity.accounts.data import erase_all, export_all
from metacity.accounts.models import Notice, User
from metacity.accounts.notices import words_of
from metacity.accounts.roles import Role
from metacity.accounts.services.identity import attach_identity
from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.errors import Forbidden
from metacity.commons.models import LedgerEntry
from participation.presence.access import chosen_look, refuse_removed
from participation.presence.errors import RemovalInvalid, Removed
from participation.presence.exchange import people_key, processes_key
from participation.presence.models import Look, Removal, Visibility
from participation.presence.services import lift_removal, remove_from_world
from tests.factories.accounts import person, sealed, signed_in
from tests.factories.processes import a_building, a_city, a_person
from twin.mirror.features import Kind
from twin.mirror.models import City

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def people(city: City, *rows: tuple[Any, ...], process: str = "one") -> None:
    """As a process that holds people writes it: number, name, badge, east and north in metres or none."""
    told = [
        [number, name, badge, None if at is None else at[0] * 100, None if at is None else at[1] * 100, 0]
        for number, name, badge, at in rows
    ]
    client = redis.Redis.from_url(settings.PRESENCE_REDIS_URL)
    client.set(people_key(city.slug, process), json.dumps(told), ex=30)
    client.sadd(processes_key(city.slug), process)


def read(city: City, client: Client | None = None) -> str:
    answer = (client or Client()).get(reverse("city-presence:people", args=[city.slug]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_people_are_told_by_the_place_they_are_near(city: City) -> None:
    station = a_building(city, "가온역", use="station")
    a_building(city, "버들공원", e=400, n=0, kind=Kind.PLANT_COVER)
    people(
        city,
        (1, "김*수", "official", (10, 0)),
        (2, "", "", (30, 10)),
        (3, "", "", (395, 0)),
        (4, "", "", (-400, -400)),
        (5, "바람", "", None),
    )
    page = read(city)
    for words in (
        "지금 5명이",
        "가온역 가까이 2명",
        "버들공원 가까이 1명",
        "도시의 다른 곳 1명",
        "지도로 보는 사람 1명",
    ):
        assert words in page
    assert page.index("가온역 가까이") < page.index("도시의 다른 곳")
    for words in ("김*수", "담당 공무원", "바람", "이름 없이 보는 사람 1명"):
        assert words in page
    assert city_url("worlds:place", city, station.id) in page
    assert "e=20.0&amp;n=5.0" in page


def test_somebody_in_two_processes_is_told_once_where_they_stand(city: City) -> None:
    people(city, (1, "바람", "", None))
    people(city, (1, "바람", "", (10, 0)), (2, "", "", None), process="other")
    told = Client().get(f"/api/v1/cities/{city.slug}/people/").json()
    assert (told["total"], told["elsewhere"]) == (2, 1)
    assert [(spot["count"], spot["e"], spot["n"]) for spot in told["spots"]] == [(1, 10.0, 0.0)]


def test_names_are_text_and_nothing_else(city: City) -> None:
    people(city, (1, "<script>alert(1)</script>", "", (0, 0)))
    assert "<script>alert" not in read(city)


def test_a_crowd_is_counted_and_not_told_name_by_name(city: City) -> None:
    people(city, *((number, f"이름{number}", "", (number % 20, 0)) for number in range(500)))
    told = Client().get(f"/api/v1/cities/{city.slug}/people/").json()
    assert told["total"] == told["spots"][0]["count"] == 500
    assert len(told["spots"][0]["named"]) == 40


def test_where_nobody_is_there_is_a_next_step(city: City) -> None:
    page = read(city)
    assert "지금은 함께 보는 사람이 없습니다" in page
    assert city_url("worlds:city", city) in page


def test_without_redis_the_page_says_so_and_the_rest_works(city: City, settings: Any) -> None:
    settings.PRESENCE_REDIS_URL = "redis://127.0.0.1:1/0"
    assert "지금은 알 수 없습니다" in read(city)
    assert Client().get(f"/api/v1/cities/{city.slug}/people/").json()["is_known"] is False


def test_the_page_of_people_asks_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    a_building(city, "가온역", use="station")
    people(city, *((number, f"이름{number}", "", (number, 0)) for number in range(100)))
    client = signed_in(a_person())
    with django_assert_max_num_queries(12):
        read(city, client)


def test_closed_and_absent_cities_are_absent(city: City) -> None:
    City.objects.update(is_closed=True)
    for slug in (city.slug, "nowhere"):
        for address in (f"/c/{slug}/people/", f"/api/v1/cities/{slug}/people/"):
            assert Client().get(address).status_code == 404


def test_a_person_chooses_how_to_be_seen_and_is_not_asked_again(city: City) -> None:
    user = a_person()
    client = signed_in(user)
    city_page = reverse("city-worlds:city", args=[city.slug])
    assert "data-people-told" in client.get(city_page).content.decode()
    answer = client.post(reverse("city-presence:look", args=[city.slug]), {"look": "hidden", "next": city_page})
    assert (answer.status_code, answer["Location"]) == (303, city_page)
    assert chosen_look(user) is Look.HIDDEN
    assert "data-people-told" not in client.get(city_page).content.decode()
    assert client.put("/api/v1/presence/look/", {"look": "named"}, content_type="application/json").status_code == 200
    assert client.get("/api/v1/presence/look/").json()["look"] == "named"
    assert Visibility.objects.count() == 1


def test_a_visitor_chooses_in_the_browser_and_nothing_is_kept_here(city: City) -> None:
    client = Client()
    client.post(reverse("city-presence:look", args=[city.slug]), {"look": "hidden"})
    assert client.get("/api/v1/presence/look/").json() == {"look": "hidden", "choices": ["unnamed", "hidden"]}
    assert "data-people-told" not in client.get(reverse("city-worlds:city", args=[city.slug])).content.decode()
    assert not Visibility.objects.exists()


def test_neither_visitors_nor_minors_show_a_name(city: City) -> None:
    minor = person(identified=False)
    attach_identity(user=minor, sealed=sealed("어린이", dt.date(clocks.now().year - 15, 5, 1)))
    for client in (Client(), signed_in(User.objects.get(pk=minor.pk))):
        assert "이름과 함께 보이기" not in read(city, client)
        answer = client.put("/api/v1/presence/look/", {"look": "named"}, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "name_not_shown")
        assert client.post(reverse("city-presence:look", args=[city.slug]), {"look": "named"}).status_code == 403
    assert not Visibility.objects.exists()


@pytest.mark.parametrize("look", ["", "naked", "x" * 100_000, "\x00", ["named"], {"look": 1}, 7, None])
def test_an_unknown_look_is_refused_and_changes_nothing(city: City, look: Any) -> None:
    client = signed_in(a_person())
    told = client.put("/api/v1/presence/look/", json.dumps({"look": look}), content_type="application/json")
    assert told.status_code == 400
    assert client.post(reverse("city-presence:look", args=[city.slug]), {"look": str(look)}).status_code == 400
    assert not Visibility.objects.exists()


def test_after_choosing_nobody_is_led_to_another_site(city: City) -> None:
    answer = Client().post(
        reverse("city-presence:look", args=[city.slug]), {"look": "hidden", "next": "https://elsewhere.example/"}
    )
    assert answer["Location"] == city_url("presence:people", city)


def remove(user: User, city: City, **changes: Any) -> Removal:
    now = clocks.now()
    told: dict[str, Any] = {
        "person": user, "city": city, "until": now + HOUR, "reason": "욕설을 되풀이함", "by": a_moderator(), "at": now
    }  # fmt: skip
    return remove_from_world(**(told | changes))


def a_moderator() -> User:
    return person(roles=[Role.MODERATOR])


def test_a_removed_person_is_told_why_and_the_ledger_keeps_it(city: City) -> None:
    user = a_person()
    removal = remove(user, city)
    with pytest.raises(Removed):
        refuse_removed(user, city, clocks.now())
    refuse_removed(user, a_city(), clocks.now())
    refuse_removed(user, city, removal.until)
    words = words_of(Notice.objects.get(person=user))
    assert "욕설을 되풀이함" in words.text
    entry = LedgerEntry.objects.get(action="presence.removed")
    assert entry.subject == user.ledger_subject
    assert "욕설" not in json.dumps(entry.facts)


def test_a_removal_is_lifted_once(city: City) -> None:
    user = a_person()
    removal, moderator = remove(user, city), a_moderator()
    assert [lift_removal(removal=removal, by=moderator, at=clocks.now()) for _ in range(2)] == [True, False]
    refuse_removed(user, city, clocks.now())
    assert LedgerEntry.objects.filter(action="presence.readmitted").count() == 1


@pytest.mark.parametrize(("reason", "hours"), [(" \x00 \n", 1), ("욕설", -1), ("욕설", 0), ("욕설", 9000)])
def test_a_removal_needs_a_reason_and_an_end(city: City, reason: str, hours: int) -> None:
    now = clocks.now()
    with pytest.raises(RemovalInvalid):
        remove(a_person(), city, reason=reason, until=now + hours * HOUR, at=now)
    assert not Removal.objects.exists()


def test_only_moderators_remove_people(city: City) -> None:
    user = a_person()
    for by in (a_person(), person(roles=[Role.OFFICIAL])):
        with pytest.raises(Forbidden):
            remove(user, city, by=by)
    assert not Removal.objects.exists()
    assert not Notice.objects.exists()


def test_what_is_kept_of_a_person_is_told_and_goes_with_them(city: City) -> None:
    user = a_person()
    signed_in(user).put("/api/v1/presence/look/", {"look": "named"}, content_type="application/json")
    remove(user, city)
    told = export_all(user)["presence"]
    assert (told["look"], told["removals"][0]["reason"]) == ("named", "욕설을 되풀이함")
    erase_all(user)
    assert not Visibility.objects.exists()
    assert not Removal.objects.exists()


def test_a_moderator_keeps_somebody_out_by_a_form_and_lets_them_in_again(city: City) -> None:
    user, moderator = a_person(alias="느티나무"), person(roles=[Role.MODERATOR], second_factor=True)
    browser, address = signed_in(moderator), city_url("presence:removals", city)
    assert "일치하는 사람이 없습니다" in browser.get(address, {"q": "느티"}).content.decode()
    page = browser.get(address, {"q": "느티나무"}).content.decode()
    assert f'value="{user.pk}"' in page
    told = {"person": str(user.pk), "rule": "insult", "period": "week", "words": "광장에서 욕설을 되풀이했습니다."}
    refused = browser.post(f"{address}?q=느티나무", told | {"words": "", "period": "age"})
    assert refused.status_code == 400
    assert not Removal.objects.exists()
    browser.post(f"{address}?q=느티나무", told)
    removal = Removal.objects.get(person=user)
    assert removal.until - removal.at == 7 * 24 * HOUR
    assert removal.reason.endswith("광장에서 욕설을 되풀이했습니다.")
    assert removal.reason in words_of(Notice.objects.get(person=user)).text
    assert "느티나무" in browser.get(address).content.decode()
    browser.post(city_url("presence:lift", city, removal.pk))
    refuse_removed(user, city, clocks.now())
    assert list(LedgerEntry.objects.filter(subject=user.ledger_subject).values_list("action", flat=True))[-2:] == [
        "presence.removed",
        "presence.readmitted",
    ]
    assert browser.post(city_url("presence:lift", city, removal.pk), follow=True).status_code == 200


def test_nobody_else_sees_or_uses_the_page_of_those_kept_out(city: City) -> None:
    user = a_person(alias="느티나무")
    removal, address = remove(user, city), city_url("presence:removals", city)
    official = person(roles=[Role.OFFICIAL], second_factor=True)
    for browser in (signed_in(user), signed_in(official)):
        assert browser.get(address).status_code == 403
        assert browser.post(city_url("presence:lift", city, removal.pk)).status_code == 403
    assert Removal.objects.in_force(clocks.now()).count() == 1
