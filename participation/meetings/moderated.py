"""Messages of a meeting as what can be reported, hidden and shown again."""

import uuid

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metacity.accounts.access import Visitor
from metacity.commons.access import has_role
from participation.meetings.models import Message
from participation.meetings.services.chat import hide_message, show_message
from participation.moderation.subjects import Subject, SubjectKind
from twin.mirror.access import may_see

KIND = "meeting_message"


def find_message(user: Visitor, pk: uuid.UUID) -> Subject | None:
    message = Message.objects.with_author().select_related("meeting__city").filter(pk=pk).first()
    if message is None or not may_see(user, message.meeting.city):
        return None
    is_mine = message.seat.person_id is not None and message.seat.person_id == user.pk
    if message.is_hidden and not (is_mine or has_role(user, "moderator")):
        return None
    return Subject(
        kind=KIND,
        pk=message.pk,
        author=message.seat.person,
        title=_("Message %(n)d in “%(meeting)s”") % {"n": message.number, "meeting": message.meeting.title},
        text=message.text,
        url=f"{message.meeting.get_absolute_url()}#message-{message.number}",
        written_at=message.written_at,
        is_hidden=message.is_hidden,
    )


MESSAGES = SubjectKind(
    KIND, gettext_lazy("Message in a meeting"), find=find_message, hide=hide_message, show=show_message
)
