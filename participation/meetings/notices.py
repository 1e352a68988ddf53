"""What people are told of meetings in their own pages, in words."""

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from metacity.accounts.notices import Facts, Words, register_words
from participation.meetings.kinds import RestrictionKind


def register() -> None:
    register_words("meetings.planned", planned)
    register_words("meetings.cancelled", cancelled)
    register_words("meetings.restricted", restricted)
    register_words("meetings.minutes_handed_in", handed_in)
    register_words("meetings.minutes_returned", returned)


def planned(facts: Facts) -> Words:
    told = {"meeting": facts["meeting"], "proposal": facts["proposal"], "time": _time(facts)}
    return Words(
        _("There will be a meeting about your proposal “%(proposal)s”") % told,
        _("“%(meeting)s”, %(time)s. You can speak and vote there.") % told,
    )


def cancelled(facts: Facts) -> Words:
    told = {"meeting": facts["meeting"], "time": _time(facts)}
    return Words(_("The meeting “%(meeting)s” has been cancelled") % told, _("It was planned for %(time)s.") % told)


def restricted(facts: Facts) -> Words:
    told = {"meeting": facts["meeting"], "what": str(RestrictionKind(facts["kind"]).label), "reason": facts["reason"]}
    return Words(
        _("In the meeting “%(meeting)s”: %(what)s") % told,
        _("The chair's reason: %(reason)s. If you do not agree, tell the office; the desk's number is below.") % told,
    )


def handed_in(facts: Facts) -> Words:
    return Words(_("The minutes of “%(meeting)s” wait for your approval") % {"meeting": facts["meeting"]})


def returned(facts: Facts) -> Words:
    told = {"meeting": facts["meeting"], "reason": facts["reason"]}
    return Words(_("The chair asks for changes in the minutes of “%(meeting)s”") % told, facts["reason"])


def _time(facts: Facts) -> str:
    at = parse_datetime(facts["starts_at"])
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""
