"""What waits in the office: imports about which somebody has to decide."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.accounts.office import Item, Tray, first_of
from twin.mirror.models import CityImport


def imports_to_decide(official: User, now: dt.datetime) -> Tray:
    """Imports that are ready: to be published or discarded."""
    ready = CityImport.objects.filter(state=CityImport.State.READY).select_related("city").defer("report")
    count, waiting = first_of(ready.order_by("started_at"))
    items = [
        Item(
            title=f"{entry.city} · {entry.file_name}",
            url=reverse("mirror:report", args=[entry.city.slug, entry.pk]),
            since=entry.started_at,
        )
        for entry in waiting
    ]
    return Tray("imports-to-decide", _("City imports to publish or discard"), count, items)
