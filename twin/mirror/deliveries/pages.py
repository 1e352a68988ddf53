"""The office's pages of deliveries: hand in, look how far it is, say what columns mean, start again, cancel."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metacity.accounts.access import office_required, require_signed_in
from metacity.commons import events
from metacity.commons.access import has_role
from metacity.commons.errors import CityError
from metacity.commons.uploads import accepts_large_files
from twin.mirror.access import HANDLERS, OFFICE_ROLES, delivery_of
from twin.mirror.deliveries import services
from twin.mirror.deliveries.columns import Column, columns_of
from twin.mirror.deliveries.forms import ColumnsForm, DeliveryForm
from twin.mirror.deliveries.models import Delivery
from twin.mirror.models import City
from twin.mirror.office import trail


@accepts_large_files(*HANDLERS)
@never_cache
@office_required(*HANDLERS)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    cities = list(City.objects.order_by("-is_default", "name"))
    if request.method != "POST":
        asked = request.GET.get("city", "")
        known = asked if any(city.slug == asked for city in cities) else ""
        return _form_page(request, DeliveryForm(cities=cities, initial={"city": known}))
    form = DeliveryForm(request.POST, request.FILES, cities=cities)
    if form.is_valid():
        try:
            delivery = services.hand_in(
                said=form.said(), uploads=form.cleaned_data["file"], by=require_signed_in(request.user)
            )
        except CityError as refusal:
            form.refused(refusal)
        else:
            return _to(delivery)
    return _form_page(request, form)


def _form_page(request: HttpRequest, form: DeliveryForm) -> HttpResponse:
    return render(request, "mirror/hand_in.html", {"form": form, "trail": trail()})


@never_cache
@office_required(*OFFICE_ROLES)
@require_safe
def delivery(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far a delivery is; once it is read, the way to the report."""
    found = delivery_of(pk)
    columns = columns_of(found) if found.can_start else []
    return _delivery_page(request, found, columns, _columns_form(found, columns))


@never_cache
@office_required(*HANDLERS)
@require_POST
def start(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = delivery_of(pk)
    columns = columns_of(found) if found.can_start else []
    form = _columns_form(found, columns, request)
    if form is not None and not form.is_valid():
        return _delivery_page(request, found, columns, form)
    try:
        services.start(delivery=found, columns=form.columns() if form is not None else None)
    except CityError as refusal:
        if form is None or not refusal.fields:
            raise
        form.add_error(None, refusal.fields["columns"][0])
        return _delivery_page(request, found, columns, form)
    return _to(found)


@office_required(*HANDLERS)
@require_POST
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    services.cancel(delivery=delivery_of(pk), by=require_signed_in(request.user))
    messages.success(request, _("The delivery was cancelled. The city is as it was."))
    return HttpResponseRedirect(reverse("mirror:cities"), status=303)


def _columns_form(found: Delivery, columns: list[Column], request: HttpRequest | None = None) -> ColumnsForm | None:
    if not columns:
        return None
    return ColumnsForm(request.POST if request else None, columns=columns, chosen=found.columns)


def _delivery_page(
    request: HttpRequest, found: Delivery, columns: list[Column], form: ColumnsForm | None
) -> HttpResponse:
    context = {
        "seq": events.latest(found.room),
        "delivery": found,
        "percent": round(found.progress * 100),
        "columns": columns,
        "form": form,
        "may_hand_in": has_role(request.user, *HANDLERS),
        "trail": trail(),
    }
    return render(request, "mirror/delivery.html", context)


def _to(delivery: Delivery) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("mirror:delivery", args=[delivery.pk]), status=303)
