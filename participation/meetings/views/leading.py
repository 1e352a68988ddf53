"""What whoever chairs does, each a form on the same page."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from metacity.accounts.access import lacks_second_factor, second_factor_url
from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.errors import Invalid
from participation.meetings.access import meeting_for
from participation.meetings.acts import perform
from participation.meetings.forms import ActForm
from participation.meetings.models import Meeting
from participation.meetings.views.acting import answer

# Where one is led back to after an act.
PARTS = {"start_poll": "vote", "stop_poll": "vote", "restrict": "order", "lift": "order"}


@require_POST
def lead(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    meeting = meeting_for(request.user, pk)
    if meeting.is_chaired_by(request.user) and lacks_second_factor(request):
        return HttpResponseRedirect(second_factor_url(meeting.get_absolute_url()), status=303)
    name = request.POST.get("act", "")[:20]

    def act(meeting: Meeting, chair: User) -> None:
        form = ActForm(request.POST)
        if not form.is_valid():
            raise Invalid(fields={field: [str(text) for text in texts] for field, texts in form.errors.items()})
        told = form.cleaned_data
        perform(told["act"], meeting=meeting, user=chair, turn=told["turn"], told=told, at=clocks.now())

    return answer(request, pk, name, PARTS.get(name, "lead"), act)
