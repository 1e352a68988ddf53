"""One's own page: alias, identity, consents, sign-in, one's data, and leaving."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from metacity.accounts import data
from metacity.accounts.access import has_second_factor, require_signed_in
from metacity.accounts.consents import texts
from metacity.accounts.districts import district_label
from metacity.accounts.errors import AliasHidden, AliasTaken
from metacity.accounts.forms import AliasForm, ConsentFields, DeleteAccountForm
from metacity.accounts.identity import journey
from metacity.accounts.models import Consent, User
from metacity.accounts.roles import Role
from metacity.accounts.services.aliases import change_alias
from metacity.accounts.services.consents import give_consents, missing_consents, withdraw_consent
from metacity.accounts.services.erasure import erase_account
from metacity.accounts.views.identity import CONFIRMED_AT_KEY
from metacity.commons.access import sign_in_required

View = Callable[..., HttpResponse]
SECOND_FACTOR_NEXT_KEY = "second_factor_next"


@never_cache
@sign_in_required
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Everything at a glance; a POST changes the alias."""
    user = require_signed_in(request.user)
    form = AliasForm(request.POST or None, owner=user, initial={"alias": user.alias})
    if request.method == "POST" and form.is_valid():
        try:
            change_alias(user=user, alias=form.cleaned_data["alias"])
            messages.success(request, _("Your alias has been saved."))
            return HttpResponseRedirect(reverse("accounts:me"))
        except (AliasTaken, AliasHidden) as refusal:
            form.add_error("alias", str(refusal.message))
    context = _overview(user) | {"form": form}
    return render(request, "accounts/me.html", context, status=400 if request.method == "POST" else 200)


def _overview(user: User) -> dict[str, Any]:
    held = {consent.item: consent for consent in Consent.objects.standing().filter(user=user)}
    shown = User.objects.get(pk=user.pk)  # the form's refusal must not show as the name
    return {
        "shown_name": shown.display_name,
        "check": getattr(user, "identity_check", None),
        "district": district_label(user.district),
        "consents": [(text, held.get(text.item)) for text in texts()],
        "missing": missing_consents(user, "join"),
        "has_second_factor": has_second_factor(user),
        "role_labels": [Role(role).label for role in sorted(user.roles - {Role.CITIZEN})],
    }


@sign_in_required
@require_POST
def set_consent(request: HttpRequest, item: str) -> HttpResponse:
    """Give or withdraw one optional consent."""
    user = require_signed_in(request.user)
    if request.POST.get("give") == "1":
        give_consents(user=user, items=[item])
        messages.success(request, _("Thank you. You have agreed."))
    else:
        withdraw_consent(user=user, item=item)
        messages.success(request, _("You have withdrawn your consent."))
    return HttpResponseRedirect(f"{reverse('accounts:me')}#consents")


@never_cache
@sign_in_required
@require_http_methods(["GET", "POST"])
def renew_consents(request: HttpRequest) -> HttpResponse:
    """Asked again when a required text has a new version, or was never agreed to."""
    user = require_signed_in(request.user)
    next_url = journey.safe_next(request, reverse("accounts:me"))
    form = ConsentFields(request.POST or None)
    if request.method == "POST" and form.is_valid():
        give_consents(user=user, items=form.agreed_items)
        return HttpResponseRedirect(next_url)
    status = 400 if request.method == "POST" else 200
    return render(request, "accounts/consents.html", {"form": form, "next": next_url}, status=status)


@never_cache
@sign_in_required
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """All that is kept of the person, from every room, as a file."""
    user = require_signed_in(request.user)
    answer = JsonResponse(
        {"exported_at": timezone.now().isoformat(), **data.export_all(user)},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    answer["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate():%Y%m%d}.json"'
    return answer


def confirmed_again(view: View) -> View:
    """The person has just shown once more who it is: by password or second factor, else by identity check."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = require_signed_in(request.user)
        confirmed_at = request.session.get(CONFIRMED_AT_KEY, 0)
        is_fresh = time.time() - confirmed_at < account_settings.REAUTHENTICATION_TIMEOUT
        if user.has_usable_password() or has_second_factor(user) or is_fresh:
            return view(request, *args, **kwargs)
        query = urlencode({"next": request.path})
        return HttpResponseRedirect(f"{reverse('accounts:identity_again')}?{query}")

    return reauthentication_required(guarded)  # type: ignore[no-any-return]


@never_cache
@sign_in_required
@require_http_methods(["GET", "POST"])
@confirmed_again
def delete(request: HttpRequest) -> HttpResponse:
    """Leave: says what goes and what stays, and asks once more."""
    user = require_signed_in(request.user)
    form = DeleteAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        erase_account(user=user)
        logout(request)
        return HttpResponseRedirect(reverse("accounts:deleted"))
    return render(request, "accounts/delete.html", {"form": form}, status=400 if request.method == "POST" else 200)


@require_GET
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/deleted.html")


@never_cache
@sign_in_required
@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why the office asks for a second step, and the way to set it up. Leads on once it is there."""
    user = require_signed_in(request.user)
    if "next" in request.GET:
        request.session[SECOND_FACTOR_NEXT_KEY] = journey.safe_next(request, reverse("accounts:me"))
    if has_second_factor(user):
        return HttpResponseRedirect(request.session.pop(SECOND_FACTOR_NEXT_KEY, reverse("accounts:me")))
    return render(request, "accounts/second_factor.html")
