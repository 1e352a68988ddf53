"""What happens to a proposal and its design, told to everybody who looks."""

from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from metacity.commons.models import Event
from participation.moderation.models import Case
from participation.proposals.models import Proposal
from participation.proposals.services import (
    compute_again,
    give_support,
    take_back_support,
    withdraw_proposal,
)
from tests.factories.accounts import signed_in
from tests.factories.designs import bench, open_process, revised, submitted, tower
from tests.factories.moderation import decided, hidden
from tests.factories.processes import a_person
from tests.factories.town import a_town
from tests.state_and_events import prove, rolled_back
from twin.mirror.models import City
from twin.simulation import services as simulation
from twin.simulation.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(tmp_path: Path) -> City:
    return a_town(tmp_path)


def test_progress_is_told_in_the_rooms_of_all_who_show_the_design_now(town: City) -> None:
    process, author = open_process(town), a_person()
    first, second = submitted(process, tower(), author), submitted(process, tower())
    moved_on = submitted(process, tower(), author)
    revised(moved_on, author, None, title="그림 없이 말로만")
    run = Run.objects.get()
    before = Event.objects.filter(room=moved_on.room).count()
    simulation.compute_run(run_id=run.id)
    for proposal in (first, second):
        told = Event.objects.filter(room=proposal.room, kind="run.progressed").order_by("seq")
        states = [event.payload["state"] for event in told]
        assert states[-2:] == ["running", "done"] or states[-1] == "done"
        assert all(event.payload["run"] == str(run.id) and event.audience == "" for event in told)
    assert Event.objects.filter(room=moved_on.room).count() == before


def test_a_stopped_run_is_asked_for_again_by_author_or_office_alone(town: City) -> None:
    author = a_person()
    proposal = submitted(open_process(town), tower(), author)
    run = Run.objects.get()
    address = reverse("proposals:compute", args=[proposal.id])
    page = signed_in(author).get(proposal.get_absolute_url()).content.decode()
    assert reverse("simulation:cancel", args=[run.id]) in page
    signed_in(author).post(reverse("simulation:cancel", args=[run.id]), {"next": proposal.get_absolute_url()})
    run.refresh_from_db()
    assert run.state == Run.State.CANCELLED
    assert address in signed_in(author).get(proposal.get_absolute_url()).content.decode()
    assert address not in signed_in(a_person()).get(proposal.get_absolute_url()).content.decode()
    assert signed_in(a_person()).post(address).status_code == 403
    assert Client().post(address).status_code in {302, 401}
    run.refresh_from_db()
    assert run.state == Run.State.CANCELLED
    assert signed_in(a_person(roles=["official"])).post(address).status_code == 303
    run.refresh_from_db()
    assert run.state == Run.State.QUEUED


@given(data=st.data())
@hypothesis.settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_events_tell_everything_that_happens_to_a_proposal(town: City, data: st.DataObject) -> None:
    with rolled_back():
        author, neighbour = a_person(), a_person()
        proposal = submitted(open_process(town), tower(), author)
        # Follows as the author, who reads it whatever happens to it.
        client = signed_in(author)

        def fetch() -> dict[str, Any]:
            told = client.get(f"/api/v1/proposals/{proposal.id}/").json()
            run = told["run"] and {name: told["run"][name] for name in ("run", "state", "progress")}
            return {
                "supports": told["supports"],
                "state": told["state"],
                "is_hidden": told["is_hidden"],
                "version": told["version"],
                "run": run,
                "seq": told["seq"],
            }

        prove(
            data,
            room=proposal.room,
            fetch=fetch,
            reducers={
                "proposal.supported": lambda state, payload: state | payload,
                "proposal.changed": lambda state, payload: state | payload,
                "run.progressed": lambda state, payload: state | {"run": payload},
            },
            actions=[
                lambda: give_support(proposal=fresh(proposal), person=neighbour, at=timezone.now()),
                lambda: take_back_support(proposal=fresh(proposal), person=neighbour, at=timezone.now()),
                lambda: revised(fresh(proposal), author, tower(8), title="여덟 층으로"),
                lambda: revised(fresh(proposal), author, tower(), title="스무 층으로"),
                lambda: revised(fresh(proposal), author, bench(), title="의자만 놓아요"),
                lambda: revised(fresh(proposal), author, None, title="말로만 합니다"),
                lambda: stop(proposal),
                lambda: compute_again(proposal=fresh(proposal), person=author),
                lambda: hidden(fresh(proposal)),
                lambda: shown_again(proposal),
            ],
            user=author,
        )


@given(data=st.data())
@hypothesis.settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_events_tell_everything_that_happens_to_the_pins(town: City, data: st.DataObject) -> None:
    with rolled_back():
        author, neighbour = a_person(), a_person()
        process = open_process(town)
        proposal = submitted(process, tower(), author)
        client = Client()

        def fetch() -> dict[str, Any]:
            cache.clear()  # examples that are rolled back give the same numbers to other events
            told = client.get(f"/api/v1/cities/{town.slug}/pins/").json()
            return {"pins": {pin["id"]: pin for pin in told["pins"]}, "seq": told["seq"]}

        prove(
            data,
            room=town.room,
            fetch=fetch,
            reducers={
                "pin.changed": lambda state, told: state | {"pins": state["pins"] | {told["pin"]["id"]: told["pin"]}},
                "pin.removed": lambda state, told: (
                    state | {"pins": {key: pin for key, pin in state["pins"].items() if key != told["id"]}}
                ),
            },
            actions=[
                lambda: submitted(process, bench()),
                lambda: submitted(process),
                lambda: give_support(proposal=fresh(proposal), person=neighbour, at=timezone.now()),
                lambda: take_back_support(proposal=fresh(proposal), person=neighbour, at=timezone.now()),
                lambda: revised(fresh(proposal), author, None, title="말로만 합니다"),
                lambda: revised(fresh(proposal), author, tower(8), title="여덟 층으로"),
                lambda: withdraw_proposal(proposal=fresh(proposal), author=author, at=timezone.now()),
                lambda: hidden(fresh(proposal)),
                lambda: shown_again(proposal),
            ],
            most_actions=6,
        )


def fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("current", "process", "city").get(pk=proposal.pk)


def shown_again(proposal: Proposal) -> None:
    for case in Case.objects.of_subject("proposal", proposal.pk):
        decided(case, "restore")


def stop(proposal: Proposal) -> None:
    for run in Run.objects.unfinished():
        simulation.cancel_run(run=run)
