"""The published rule by which deadlines are counted."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from metacity.commons import clocks, workdays
from metacity.commons.addresses import city_url
from participation.processes.models import Process
from twin.mirror.services import city_for


@require_safe
def deadlines(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """How days are counted, what stops the clock, which projects have one, and the holidays that are left out."""
    shown_city = city_for(city, request.user)
    today = workdays.day_of(clocks.now(), shown_city.time_zone)
    context = {
        "city": shown_city,
        "today": today,
        "processes": Process.objects.published().in_city(shown_city).filter(support_goal__isnull=False),
        "answer_days": settings.ANSWER_DAYS,
        "example_due": workdays.due(today, settings.ANSWER_DAYS),
        "extension_days": settings.EXTENSION_DAYS,
        "most_extensions": settings.MOST_EXTENSIONS,
        "interim_days": settings.INTERIM_DAYS,
        "reminder_days": settings.REMINDER_DAYS,
        "years": [(year, workdays.holidays_of(year)) for year in (today.year, today.year + 1)],
        "trail": [(city_url("proposals:list", shown_city), _("Ideas"))],
    }
    return render(request, "proposals/deadlines.html", context)
