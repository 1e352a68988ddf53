"""Pages of processes: which there are, and what one can do in one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from metacity.commons import clocks
from metacity.commons.addresses import city_url
from participation.processes.access import process_for
from participation.processes.models import Process
from participation.processes.sections import of_process
from participation.processes.today import card_of, grouped, offers_of, stages_of
from twin.mirror.services import city_for


@require_safe
def process_list(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """Processes by where they stand: open now, being worked on, coming, ended."""
    shown_city = city_for(city, request.user)
    processes = list(Process.objects.published().in_city(shown_city).with_phases())
    context = {"city": shown_city, "groups": grouped(processes, clocks.now())}
    return render(request, "processes/list.html", context)


@require_safe
def process_detail(request: HttpRequest, slug: str, city: str | None = None) -> HttpResponse:
    """One process: its stages, what one can do today, and what other rooms have of it."""
    shown_city = city_for(city, request.user)
    process = process_for(shown_city, slug)
    now = clocks.now()
    context = {
        "city": shown_city,
        "process": process,
        "card": card_of(process, now),
        "stages": stages_of(process, now),
        "offers": offers_of(process, request.user, now),
        "sections": of_process.rendered(process, request),
        "trail": [(city_url("processes:list", shown_city), _("Projects"))],
    }
    return render(request, "processes/detail.html", context)
