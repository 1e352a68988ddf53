"""What people do from their seat, each a form: done, one is back at its part; refused, nothing typed is lost."""

import uuid
from collections.abc import Callable
from typing import TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.errors import CityError, Invalid
from participation.meetings.access import meeting_for
from participation.meetings.kinds import Choice, SpeechKind
from participation.meetings.models import Meeting
from participation.meetings.services.chat import write_message
from participation.meetings.services.polls import vote
from participation.meetings.services.speaking import ask_to_speak, end_own_speech, withdraw_wish
from participation.meetings.views.seat import seat_page

Act = Callable[[Meeting, User], object]
Word = TypeVar("Word", SpeechKind, Choice)


@require_POST
def write(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    text = request.POST.get("text", "")
    return answer(
        request,
        pk,
        "write",
        "chat",
        lambda meeting, me: write_message(meeting=meeting, person=me, text=text, at=clocks.now()),
    )


@require_POST
def ask(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    def act(meeting: Meeting, me: User) -> object:
        kind = _one_of(SpeechKind, request.POST.get("kind") or SpeechKind.ORDINARY)
        return ask_to_speak(meeting=meeting, person=me, kind=kind, at=clocks.now())

    return answer(request, pk, "ask", "floor", act)


@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    def act(meeting: Meeting, me: User) -> object:
        return withdraw_wish(meeting=meeting, person=me, speech=_id(request.POST.get("speech")), at=clocks.now())

    return answer(request, pk, "withdraw", "floor", act)


@require_POST
def finish(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    return answer(
        request, pk, "finish", "floor", lambda meeting, me: end_own_speech(meeting=meeting, person=me, at=clocks.now())
    )


@require_POST
def cast(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    def act(meeting: Meeting, me: User) -> object:
        poll, choice = _id(request.POST.get("poll")), _one_of(Choice, request.POST.get("choice"))
        return vote(meeting=meeting, person=me, poll=poll, choice=choice, at=clocks.now())

    return answer(request, pk, "vote", "vote", act)


def answer(request: HttpRequest, pk: uuid.UUID, name: str, part: str, act: Act) -> HttpResponse:
    """Does `act` and leads back to the `part` of the page; signing in leads there too."""
    meeting = meeting_for(request.user, pk)
    back = f"{meeting.get_absolute_url()}#{part}"
    if not isinstance(request.user, User):
        return redirect_to_login(back)
    try:
        act(meeting, request.user)
    except CityError as refusal:
        return seat_page(request, pk, refusal=refusal, act=name)
    return HttpResponseRedirect(back, status=303)


def _id(typed: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(typed or "")
    except ValueError:
        raise Invalid from None


def _one_of(words: type[Word], typed: str | None) -> Word:
    try:
        return words(typed or "")
    except ValueError:
        raise Invalid from None
