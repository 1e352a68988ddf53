"""People in one city over real sockets: they come, see each other move, and leave."""

import asyncio
import datetime as dt

import pytest
from asgiref.sync import sync_to_async

from metacity.accounts.models import User
from metacity.accounts.roles import Role
from metacity.accounts.services.aliases import change_alias, hide_alias
from metacity.accounts.services.identity import attach_identity
from metacity.accounts.services.roles import grant_role, revoke_role
from metacity.commons import clocks, events
from participation.presence.models import Look, Visibility
from participation.presence.services import choose_look, remove_from_world
from tests.factories.accounts import person, sealed
from tests.factories.processes import a_person
from tests.presence.conftest import session_of
from tests.presence.daphne import Server
from tests.presence.walkers import FLYING, STANDING, WALKING, Walker, guest_key, walker
from twin.mirror.models import City

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def a_minor() -> tuple[User, str]:
    user = person(identified=False)
    attach_identity(user=user, sealed=sealed("어린이", dt.date(clocks.now().year - 15, 5, 1)))
    # As if chosen before the identity was confirmed.
    Visibility.objects.create(person=user, look=Look.NAMED)
    assert User.objects.get(pk=user.pk).is_minor
    return user, session_of(user)


@sync_to_async
def member(look: Look | None = None, *roles: Role) -> tuple[User, str]:
    """A person who chose to be seen so, and the key of a session."""
    user = a_person()
    for role in roles:
        grant_role(user=user, role=role, by=None)
    if look:
        choose_look(person=user, look=look, at=clocks.now())
    return user, session_of(user)


def sees(other: Walker, e: float, n: float) -> object:
    def look(one: Walker) -> bool:
        seen = one.people.get(other.id)
        return seen is not None and (seen.e, seen.n) == (e, n)

    return look


async def test_two_see_each_other_come_move_and_leave(server: Server, city: City) -> None:
    async with walker(server.url, city.slug) as one:
        await one.go(0, 0)
        async with walker(server.url, city.slug) as other:
            await other.go(10, 5, yaw=64, state=STANDING)
            await one.until(sees(other, 10, 5))
            seen = one.people[other.id]
            assert (seen.yaw, seen.state, seen.z) == (64, STANDING, 2.0)
            await other.until(sees(one, 0, 0))
            await other.go(11.25, 5.5, z=3.5, state=WALKING)
            await one.until(sees(other, 11.25, 5.5))
            assert one.people[other.id].z == 3.5
        await one.until(lambda w: not w.people, within_s=2)


async def test_nothing_is_sent_while_nobody_moves_but_a_beat(server: Server, city: City) -> None:
    async with walker(server.url, city.slug) as one, walker(server.url, city.slug) as other:
        await one.go(0, 0)
        await other.go(5, 0)
        await one.until(sees(other, 5, 0))
        frames, tick = one.frames, one.tick
        await other.go(5, 0)
        await one.until(lambda w: w.tick >= tick + 25)
        assert one.frames == frames


async def test_people_are_seen_across_the_border_of_a_cell_and_not_from_far(server: Server, city: City) -> None:
    async with walker(server.url, city.slug) as one, walker(server.url, city.slug) as other:
        await one.go(199, 0)
        await other.go(201, 0)
        await one.until(sees(other, 201, 0))
        await other.go(-300, 0)
        await one.until(lambda w: not w.people)
        await one.until(lambda w: sorted(w.counts["spots"]) == [[-300, 0, 1], [199, 0, 1]])
        assert one.counts["total"] == 2


async def test_who_looks_at_a_list_is_counted_and_stands_nowhere(server: Server, city: City) -> None:
    async with walker(server.url, city.slug) as reader, walker(server.url, city.slug) as one:
        await one.go(0, 0, state=FLYING)
        await reader.until(lambda w: w.counts["total"] == 2)
        assert reader.counts["spots"] == [[0, 0, 1]]
        assert reader.frames == 0


async def test_names_are_shown_by_choice_and_never_those_of_minors(server: Server, city: City) -> None:
    named, key = await member(Look.NAMED, Role.OFFICIAL)
    _unasked, unasked_key = await member()
    _minor, minor_key = await a_minor()
    async with (
        walker(server.url, city.slug, session=key) as one,
        walker(server.url, city.slug, session=unasked_key) as unasked,
        walker(server.url, city.slug, session=minor_key) as young,
        walker(server.url, city.slug) as visitor,
    ):
        assert (one.name, one.look, unasked.name, unasked.look) == (named.display_name, "named", "", "unnamed")
        for place, someone in enumerate((one, unasked, young, visitor)):
            await someone.go(place, 0)
        await visitor.until(lambda w: len(w.people) == 3)
        assert visitor.names[one.id] == (named.display_name, "official")
        assert visitor.names[unasked.id] == visitor.names[young.id] == ("", "")


async def test_whoever_hides_sees_and_is_not_seen_and_not_counted(server: Server, city: City) -> None:
    user, key = await member(Look.NAMED)
    async with (
        walker(server.url, city.slug, session=key) as one,
        walker(server.url, city.slug) as other,
        walker(server.url, city.slug, cookies="presence=hidden") as secret,
    ):
        for place, someone in enumerate((one, other, secret)):
            await someone.go(place, 0)
        await other.until(sees(one, 0, 0))
        await sync_to_async(choose_look)(person=user, look=Look.HIDDEN, at=clocks.now())
        await other.until(lambda w: not w.people)
        await other.until(lambda w: w.counts["total"] == 1)
        await one.until(sees(other, 1, 0))
        await secret.until(sees(other, 1, 0))
        await sync_to_async(choose_look)(person=user, look=Look.UNNAMED, at=clocks.now())
        await other.until(sees(one, 0, 0))
        assert other.names[one.id] == ("", "")


async def test_all_tabs_of_a_person_are_one_avatar(server: Server, city: City) -> None:
    _user, key = await member(Look.NAMED)
    guest = guest_key()
    async with (
        walker(server.url, city.slug) as watcher,
        walker(server.url, city.slug, session=key) as one,
        walker(server.url, city.slug, guest=guest) as visitor,
    ):
        await watcher.go(0, 0)
        await visitor.go(7, 0)
        async with (
            walker(server.url, city.slug, session=key) as same,
            walker(server.url, city.slug, guest=guest) as again,
        ):
            assert (same.id, again.id) == (one.id, visitor.id)
            await one.go(1, 0)
            await watcher.until(sees(one, 1, 0))
            await same.go(2, 0)
            await watcher.until(sees(one, 2, 0))
            assert set(watcher.people) == {one.id, visitor.id}
            await watcher.until(lambda w: w.counts["total"] == 3)
        await one.go(3, 0)
        await watcher.until(sees(one, 3, 0))


async def test_a_broken_line_that_comes_back_was_never_away(server: Server, city: City) -> None:
    guest = guest_key()
    gone: list[int] = []
    async with walker(server.url, city.slug) as watcher:
        await watcher.go(0, 0)
        async with walker(server.url, city.slug, guest=guest) as one:
            await one.go(5, 0)
            await watcher.until(sees(one, 5, 0))
            watcher.on_frame = lambda _walker, view: gone.append(view.tick) if one.id not in view.people else None
            one.line.transport.abort()
            await one.until_closed()
        async with walker(server.url, city.slug, guest=guest) as again:
            await again.go(6, 0)
            await watcher.until(sees(again, 6, 0))
            assert again.id == one.id
        assert gone == []
        await watcher.until(lambda w: not w.people)


async def test_a_broken_line_that_stays_away_is_noticed_within_ten_seconds(server: Server, city: City) -> None:
    async with walker(server.url, city.slug) as watcher, walker(server.url, city.slug, echoes=False) as deaf:
        await watcher.go(0, 0)
        await deaf.go(5, 0)
        await watcher.until(sees(deaf, 5, 0))
        # It neither answers nor closes: as a phone that lost its network.
        await watcher.until(lambda w: not w.people, within_s=10)
        assert deaf.refusals == ["silent"]


async def test_a_removed_person_is_gone_at_once_and_does_not_come_back(server: Server, city: City) -> None:
    user, key = await member(Look.NAMED)
    moderator = await sync_to_async(person)(roles=[Role.MODERATOR])
    async with (
        walker(server.url, city.slug) as watcher,
        walker(server.url, city.slug, session=key) as one,
        walker(server.url, city.slug, session=key) as tab,
    ):
        await watcher.go(0, 0)
        await one.go(1, 0)
        await watcher.until(sees(one, 1, 0))
        now = clocks.now()
        await sync_to_async(remove_from_world)(
            person=user, city=city, until=now + dt.timedelta(hours=1), reason="욕설", by=moderator, at=now
        )
        assert await one.until_closed() == 4403
        assert await tab.until_closed() == 4403
        assert one.refusals == ["removed_from_world"]
        await watcher.until(lambda w: not w.people, within_s=1)
    async with walker(server.url, city.slug, session=key) as back:
        assert back.refusals == ["removed_from_world"]
        assert await back.until_closed() == 4403


async def test_a_closed_account_and_a_closed_session_close_their_sockets(server: Server, city: City) -> None:
    user, key = await member(Look.NAMED)
    other_key = await sync_to_async(session_of)(user)
    async with (
        walker(server.url, city.slug, session=key) as one,
        walker(server.url, city.slug, session=other_key) as other,
    ):
        await sync_to_async(events.end_session)(user, other_key)
        assert await other.until_closed() == 4401
        assert one.close_code is None
        await sync_to_async(User.objects.filter(pk=user.pk).update)(is_active=False)
        await sync_to_async(events.revoke)(user)
        assert await one.until_closed() == 4401
        assert one.refusals == ["signed_out"]


async def test_a_lost_role_takes_its_badge_along(server: Server, city: City) -> None:
    user, key = await member(Look.NAMED, Role.OFFICIAL)
    async with walker(server.url, city.slug) as watcher, walker(server.url, city.slug, session=key) as one:
        await watcher.go(0, 0)
        await one.go(1, 0)
        await watcher.until(lambda w: w.names.get(one.id) == (user.display_name, "official"))
        await sync_to_async(revoke_role)(user=user, role=Role.OFFICIAL, by=None)
        await watcher.until(lambda w: w.names[one.id] == (user.display_name, ""))


async def test_another_name_is_told_to_those_who_see_the_person(server: Server, city: City) -> None:
    user, key = await member(Look.NAMED)
    async with walker(server.url, city.slug) as watcher, walker(server.url, city.slug, session=key) as one:
        await watcher.go(0, 0)
        await one.go(1, 0)
        await watcher.until(lambda w: w.names.get(one.id) == (user.display_name, ""))
        await sync_to_async(change_alias)(user=user, alias="느티나무")
        await watcher.until(lambda w: w.names[one.id] == ("느티나무", ""))
        await sync_to_async(hide_alias)(user=user)
        await watcher.until(lambda w: w.names[one.id] == (user.masked_name, ""))


async def test_absent_and_closed_cities_look_alike(server: Server, city: City) -> None:
    await sync_to_async(City.objects.filter(pk=city.pk).update)(is_closed=True)
    for world in (city.slug, "nowhere"):
        async with walker(server.url, world) as one:
            assert one.refusals == ["city_unknown"]
            assert await one.until_closed() == 4404


async def test_a_city_without_a_model_has_nowhere_to_be(server: Server, city: City) -> None:
    await sync_to_async(City.objects.filter(pk=city.pk).update)(publication=None)
    async with walker(server.url, city.slug) as one:
        assert one.refusals == ["world_unknown"]


async def test_sixty_in_one_place_are_told_as_forty_eight_and_a_number(server: Server, city: City) -> None:
    _user, key = await member(Look.NAMED, Role.OFFICIAL)
    async with asyncio.TaskGroup() as group:
        done = asyncio.Event()
        crowd: list[Walker] = []

        async def come(index: int) -> None:
            session = key if index == 59 else ""
            async with walker(server.url, city.slug, session=session) as one:
                await one.go(index, 0)
                crowd.append(one)
                await done.wait()

        for index in range(60):
            group.create_task(come(index))
        try:
            while len(crowd) < 60:
                await asyncio.sleep(0.05)
            worker = next(one for one in crowd if one.look == "named")
            first = crowd[0]
            await first.until(lambda w: len(w.view.people) == 48 and w.view.others == 12)
            await first.until(lambda w: worker.id in w.view.people)
            await first.until(lambda w: w.counts["total"] == 60)
        finally:
            done.set()
