"""What people are told of being sent away, in their own pages."""

import datetime as dt

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from metacity.accounts.notices import Facts, Words


def of_removal(facts: Facts) -> Words:
    until = formats.date_format(timezone.localtime(dt.datetime.fromisoformat(facts["until"])), "DATETIME_FORMAT")
    told = _("Until %(until)s you cannot be among the people in the 3D city. Reason: %(reason)s") % {
        "until": until,
        "reason": facts["reason"],
    }
    return Words(_("You were taken out of the 3D city"), told)


def of_readmission(facts: Facts) -> Words:
    return Words(_("You can be among the people in the 3D city again"))
