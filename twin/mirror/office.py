"""The office's pages about cities: what was imported, what is wrong with it, and what people see of it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from metacity.accounts.access import office_required, require_signed_in
from metacity.commons.access import has_role
from metacity.commons.errors import CityError
from metacity.commons.pagination import paginate
from twin.mirror import publishing, reportfiles
from twin.mirror.access import (
    HANDLERS,
    OFFICE_ROLES,
    PUBLISHERS,
    city_for_user,
    import_of,
    publication_of,
)
from twin.mirror.deliveries.models import Delivery
from twin.mirror.models import City, CityImport, Publication
from twin.mirror.reporttables import report_tables

IMPORTS_A_PAGE = 20
PUBLICATIONS_SHOWN = 6


@never_cache
@office_required(*OFFICE_ROLES)
@require_safe
def cities(request: HttpRequest) -> HttpResponse:
    """All cities of the installation, and what is on its way into them."""
    page = paginate(City.objects.select_related("publication").order_by("-is_default", "name"), request)
    context = {
        "page": page,
        "deliveries": Delivery.objects.open()[:PUBLICATIONS_SHOWN],
        "may_hand_in": has_role(request.user, *HANDLERS),
    }
    return render(request, "mirror/cities.html", context)


@never_cache
@office_required(*OFFICE_ROLES)
@require_safe
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """What was imported into a city, the latest first, and which of its publications can be gone back to."""
    city = city_for_user(request.user, slug)
    found = city.imports.select_related("publication").defer("report").order_by("-started_at", "pk")
    context = {
        "city": city,
        "page": paginate(found, request, IMPORTS_A_PAGE),
        "trail": trail(),
        "deliveries": Delivery.objects.open().filter(slug=city.slug)[:PUBLICATIONS_SHOWN],
        "publications": _publications(city),
        "may_hand_in": has_role(request.user, *HANDLERS),
        "may_publish": has_role(request.user, *PUBLISHERS),
    }
    return render(request, "mirror/imports.html", context)


def _publications(city: City) -> list[Publication]:
    shown = city.publications.exclude(state=Publication.State.PREPARING).select_related("restores", "city_import")
    return list(shown.defer("manifest", "city_import__report").order_by("-number")[:PUBLICATIONS_SHOWN])


@never_cache
@office_required(*OFFICE_ROLES)
@require_safe
def report(request: HttpRequest, slug: str, import_id: uuid.UUID) -> HttpResponse:
    """The quality report of one import; while it is ready, the page where somebody decides about it."""
    city = city_for_user(request.user, slug)
    found = import_of(city, import_id)
    is_ready = found.state == CityImport.State.READY
    context = {
        "city": city,
        "import": found,
        "trail": [*trail(), (reverse("mirror:imports", args=[city.slug]), city.display_name)],
        "is_ready": is_ready,
        "is_seen": is_ready or found.state == CityImport.State.DONE,
        "preview": f"publication={found.publication_id}" if is_ready else "",
        "may_publish": has_role(request.user, *PUBLISHERS),
        "may_discard": has_role(request.user, *HANDLERS, *PUBLISHERS),
        "is_first": city.publication_id is None,
        **report_tables(found.report),
    }
    return render(request, "mirror/report.html", context)


@never_cache
@office_required(*OFFICE_ROLES)
@require_safe
def report_file(request: HttpRequest, slug: str, import_id: uuid.UUID, ending: str) -> HttpResponse:
    """The report to take along."""
    found = import_of(city_for_user(request.user, slug), import_id)
    name = f"report-{found.city.slug}-{found.started_at:%Y%m%d}.{ending}"
    response: HttpResponse
    if ending == "csv":
        response = HttpResponse(reportfiles.as_csv(found), content_type="text/csv; charset=utf-8")
    else:
        response = JsonResponse(reportfiles.as_document(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@office_required(*PUBLISHERS)
@require_POST
def publish(request: HttpRequest, slug: str, import_id: uuid.UUID) -> HttpResponse:
    city = city_for_user(request.user, slug)
    shown = publishing.publish(city_import=import_of(city, import_id), by=require_signed_in(request.user))
    messages.success(request, _("Publication %(number)d is what everybody sees now.") % {"number": shown.number})
    return _back(city)


@office_required(*HANDLERS, *PUBLISHERS)
@require_POST
def discard(request: HttpRequest, slug: str, import_id: uuid.UUID) -> HttpResponse:
    city = city_for_user(request.user, slug)
    publishing.discard(city_import=import_of(city, import_id), by=require_signed_in(request.user))
    messages.success(request, _("The import was discarded. The city is as it was."))
    return _back(city)


@office_required(*PUBLISHERS)
@require_POST
def roll_back(request: HttpRequest, slug: str, publication_id: uuid.UUID) -> HttpResponse:
    city = city_for_user(request.user, slug)
    earlier = publication_of(city, publication_id)
    try:
        again = publishing.roll_back(publication=earlier, by=require_signed_in(request.user))
    except CityError as refusal:
        messages.error(request, refusal.message)
    else:
        text = _("Everybody sees again what publication %(earlier)d showed, as publication %(number)d.")
        messages.success(request, text % {"earlier": earlier.number, "number": again.number})
    return _back(city)


def _back(city: City) -> HttpResponseRedirect:
    """To the city's imports; to all cities where the city went with its only import."""
    is_there = City.objects.filter(slug=city.slug).exists()
    address = reverse("mirror:imports", args=[city.slug]) if is_there else reverse("mirror:cities")
    return HttpResponseRedirect(address, status=303)


def trail() -> list[tuple[str, str]]:
    return [(reverse("mirror:cities"), _("Cities"))]
