"""The seat: the page on which one watches a meeting and takes part, whole without JavaScript by reloading."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from metacity.accounts.access import Visitor, lacks_second_factor, second_factor_url
from metacity.accounts.models import User
from metacity.commons import clocks, events
from metacity.commons.access import has_role
from metacity.commons.addresses import city_url
from metacity.commons.errors import CityError
from participation.meetings.access import Place, place_of, public_meeting
from participation.meetings.forms import CallForm, DecisionForm, KeepingForm, MessageForm, PollForm, RestrictForm
from participation.meetings.kinds import Choice, SpeechKind
from participation.meetings.models import LivePoll, Meeting, Message, Restriction, Seat, Vote
from participation.meetings.services.attendance import attend
from participation.meetings.telling import MESSAGES_SHOWN, Floor

Typed = Mapping[str, str]


@never_cache
@require_safe
def seat(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    return seat_page(request, pk)


def seat_page(request: HttpRequest, pk: uuid.UUID, *, refusal: CityError | None = None, act: str = "") -> HttpResponse:
    """The page as it is now; after a refused `act`, with the reason and with what was typed."""
    now = clocks.now()
    # The number of the last event first: what happens from here on is told once more, and nothing is missed.
    seq = events.latest(f"meeting.{pk}")
    meeting = public_meeting(request.user, pk)
    place = place_of(meeting, request.user, now)
    if meeting.is_running and place.removal is not None:
        raise place.removal
    context = _context(request, meeting, place, now) | {"seq": seq, "refusal": refusal, "refused_act": act}
    context |= _forms(request, context, refusal, act)
    return render(request, "meetings/seat.html", context, status=refusal.status if refusal else 200)


def _context(request: HttpRequest, meeting: Meeting, place: Place, now: datetime) -> dict[str, Any]:
    seats = _seats(meeting, request.user, place, now)
    items = list(meeting.items.all())
    floor = Floor.of(meeting)
    polls = _polls(meeting, request.user)
    mine = next((each for each in seats if each.person_id and each.person_id == request.user.pk), None)
    return {
        "city": meeting.city,
        "meeting": meeting,
        "place": place,
        "my_seat": mine,
        "now": now,
        "items": items,
        "current": next((item for item in items if item.pk == meeting.current_item_id), None),
        "following": _following(items, meeting),
        "floor": floor,
        "my_speeches": [(speech, standing) for speech, standing in floor.queue if mine and speech.seat_id == mine.pk],
        "i_speak": bool(floor.speaker and mine and floor.speaker.seat_id == mine.pk),
        "polls": polls,
        "open_poll": next((poll for poll in polls if poll.is_open), None),
        "choices": Choice.choices,
        "kinds": SpeechKind,
        "people": [each for each in seats if not each.guest_key],
        "guests": sum(bool(each.guest_key) for each in seats),
        "messages_shown": _messages(request, meeting),
        "sees_hidden": has_role(request.user, "moderator"),
        "restrictions": _restrictions(meeting, place),
        "here": meeting.get_absolute_url(),
        "second_factor_url": _second_factor_url(request, meeting, place),
        "trail": [(city_url("meetings:list", meeting.city), _("Meetings"))],
    }


def _second_factor_url(request: HttpRequest, meeting: Meeting, place: Place) -> str:
    """Where whoever leads sets up the second factor first; empty for everybody who need not."""
    leads = place.is_chair or place.is_clerk
    return second_factor_url(meeting.get_absolute_url()) if leads and lacks_second_factor(request) else ""


def _seats(meeting: Meeting, user: Visitor, place: Place, now: datetime) -> list[Seat]:
    """Who is there; looking at the page says that one is, for people with an account."""
    seats = list(meeting.seats.taken().with_person())
    if not (isinstance(user, User) and place.attend):
        return seats
    mine = next((each for each in seats if each.person_id == user.pk), None)
    if mine is None or mine.is_to_be_noted(now):
        taken = attend(meeting=meeting, user=user, at=now)
        return seats if mine or taken is None else [*seats, taken]
    return seats


def _polls(meeting: Meeting, user: Visitor) -> list[LivePoll]:
    """The latest first, each with `my_choice`."""
    mine = Vote.objects.filter(poll=OuterRef("pk"), seat__person=user.pk).values("choice")
    return list(meeting.polls.annotate(my_choice=Subquery(mine[:1])).order_by("-number"))


def _following(items: list[Any], meeting: Meeting) -> Any:
    """The item that comes next."""
    position = next((item.position for item in items if item.pk == meeting.current_item_id), 0)
    return next((item for item in items if item.position > position), None)


def _messages(request: HttpRequest, meeting: Meeting) -> list[Message]:
    """The latest, or those before the number that is asked for; the oldest of them first."""
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    found = meeting.messages.with_author().before(before).order_by("-number")
    return list(reversed(found[:MESSAGES_SHOWN]))


def _restrictions(meeting: Meeting, place: Place) -> list[Restriction]:
    if not (place.is_chair or place.is_clerk):
        return []
    return list(Restriction.objects.standing().filter(seat__meeting=meeting))


def _forms(request: HttpRequest, context: dict[str, Any], refusal: CityError | None, act: str) -> dict[str, Form]:
    """Each form with what was typed where it was refused, else empty."""
    waiting = [speech for speech, _standing in context["floor"].queue]
    seats = [seat for seat in context["people"] if _may_be_restricted(context["meeting"], seat)]
    makers: dict[str, tuple[str, type[KeepingForm], dict[str, Any]]] = {
        "message_form": ("write", MessageForm, {}),
        "poll_form": ("start_poll", PollForm, {}),
        "decision_form": ("decide", DecisionForm, {"initial": {"text": getattr(context["current"], "decision", "")}}),
        "call_form": ("call_forward", CallForm, {"queue": waiting}),
        "restrict_form": ("restrict", RestrictForm, {"seats": seats, "initial": {"seat": request.GET.get("about")}}),
    }
    forms: dict[str, Form] = {}
    for name, (own_act, kind, options) in makers.items():
        is_refused = refusal is not None and act == own_act
        form = kind(request.POST if is_refused else None, auto_id=f"{own_act}-%s", **options)
        if is_refused and refusal is not None:
            form.refused(refusal)
        forms[name] = form
    return forms


def _may_be_restricted(meeting: Meeting, seat: Seat) -> bool:
    return seat.person is not None and not (meeting.is_chaired_by(seat.person) or meeting.is_written_by(seat.person))
