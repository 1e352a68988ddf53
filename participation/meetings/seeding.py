"""The sample district's meetings: one that is over with its minutes, one on now, one still to come."""

import datetime as dt

from twin.mirror.models import City


def seed_meetings(city: City, now: dt.datetime) -> str:
    return ""
