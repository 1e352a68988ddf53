"""The journey of "본인확인하고 계속": choose a way, identify, join where there is no account yet, and go on."""

import time

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from metacity.accounts.errors import AliasTaken, IdentityDiffers, IdentityExpired
from metacity.accounts.forms import IdentityConsentForm, JoinForm
from metacity.accounts.identity import journey
from metacity.accounts.identity.base import SealedAttributes, VerifiedAttributes, seal
from metacity.accounts.identity.journey import Journey, Purpose
from metacity.accounts.identity.registry import provider_for, providers
from metacity.accounts.models import User
from metacity.accounts.services import guardian
from metacity.accounts.services.consents import give_consents, missing_consents
from metacity.accounts.services.identity import account_of, attach_identity, join_with_identity, spend_voucher
from metacity.commons.errors import CityError

CONFIRMED_AT_KEY = "identity_confirmed_at"


@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The ways to identify. One who is signed in confirms that account, everybody else signs in or joins."""
    user = request.user if isinstance(request.user, User) else None
    next_url = journey.safe_next(request)
    if user and user.is_identified:
        return HttpResponseRedirect(next_url)
    asks_consent = bool(user and missing_consents(user, "identity"))
    form = IdentityConsentForm(request.POST or None) if asks_consent else None
    if request.method == "POST" and (form is None or form.is_valid()):
        if user and form:
            give_consents(user=user, items=form.agreed_items)
        purpose = Purpose.CONFIRM if user else Purpose.ENTER
        return begin(request, Journey(purpose, next_url))
    context = {"providers": providers(), "form": form, "next": next_url}
    return render(request, "accounts/identity.html", context, status=400 if request.method == "POST" else 200)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """Show once more that it is oneself: for accounts without a password."""
    next_url = journey.safe_next(request, reverse("accounts:me"))
    if request.method == "POST":
        return begin(request, Journey(Purpose.REAUTHENTICATE, next_url))
    return render(request, "accounts/identity_again.html", {"providers": providers(), "next": next_url})


def begin(request: HttpRequest, underway: Journey) -> HttpResponse:
    """Set out with the provider named in the form."""
    provider = provider_for(request.POST.get("provider", ""))
    journey.start(request, underway)
    return provider.begin(request, underway.next_url)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, key: str) -> HttpResponse:
    """Whatever the provider still has to ask, and at last what the journey was for."""
    try:
        found = provider_for(key).complete(request)
        if isinstance(found, HttpResponse):
            return found
        return _conclude(request, seal(found) if isinstance(found, VerifiedAttributes) else found)
    except CityError as refusal:
        messages.error(request, str(refusal.message))
        return HttpResponseRedirect(journey.choose_again(request))


def _conclude(request: HttpRequest, sealed: SealedAttributes) -> HttpResponse:
    underway = journey.current(request)
    user = request.user if isinstance(request.user, User) else None
    if underway.purpose is Purpose.GUARDIAN:
        return _answer_for_child(request, underway, sealed)
    if user is None:
        return _enter(request, underway, sealed)
    if underway.purpose is Purpose.REAUTHENTICATE:
        return _confirm_again(request, user, underway, sealed)
    attach_identity(user=user, sealed=sealed)
    journey.end(request)
    messages.success(request, _("Your identity is confirmed."))
    return _go_on(user, underway.next_url)


def _enter(request: HttpRequest, underway: Journey, sealed: SealedAttributes) -> HttpResponse:
    known = account_of(sealed)
    if known is None:
        journey.keep_sealed(request, sealed)
        return HttpResponseRedirect(reverse("accounts:join"))
    spend_voucher(sealed=sealed)
    journey.end(request)
    return sign_in(request, known, underway.next_url)


def _confirm_again(request: HttpRequest, user: User, underway: Journey, sealed: SealedAttributes) -> HttpResponse:
    known = account_of(sealed)
    if known != user:
        raise IdentityDiffers
    spend_voucher(sealed=sealed)
    journey.end(request)
    request.session[CONFIRMED_AT_KEY] = time.time()
    return HttpResponseRedirect(underway.next_url)


def _answer_for_child(request: HttpRequest, underway: Journey, sealed: SealedAttributes) -> HttpResponse:
    consent = guardian.consent_behind(underway.token)
    if consent.is_given:
        consent = guardian.withdraw_guardian_consent(token=underway.token, sealed=sealed)
    else:
        consent = guardian.give_guardian_consent(token=underway.token, sealed=sealed)
    journey.end(request)
    return render(request, "accounts/guardian_done.html", {"consent": consent, "child": consent.user.display_name})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """The last page before an account exists: what is agreed to, and what to be called."""
    underway = journey.current(request)
    try:
        sealed = journey.sealed_of(request)
    except IdentityExpired as refusal:
        messages.error(request, str(refusal.message))
        return HttpResponseRedirect(journey.choose_again(request))
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = join_with_identity(sealed=sealed, alias=form.cleaned_data["alias"], consents=form.agreed_items)
        except AliasTaken as refusal:
            form.add_error("alias", str(refusal.message))
        except CityError as refusal:
            messages.error(request, str(refusal.message))
            return HttpResponseRedirect(journey.choose_again(request))
        else:
            journey.end(request)
            return sign_in(request, user, underway.next_url, is_new=True)
    context = {"form": form, "sealed": sealed, "next": underway.next_url}
    return render(request, "accounts/join.html", context, status=400 if request.method == "POST" else 200)


def sign_in(request: HttpRequest, user: User, next_url: str, *, is_new: bool = False) -> HttpResponse:
    """Sign in one whose identity was confirmed; a second factor, where there is one, is still asked for."""
    record_authentication(request, user, method="identity")
    answer: HttpResponse = perform_login(
        request,
        user,
        email_verification=EmailVerificationMethod.NONE,
        redirect_url=_next_page(user, next_url),
        signup=is_new,
    )
    return answer


def _next_page(user: User, next_url: str) -> str:
    """Where to go on; a child without a guardian's consent is led to asking for it."""
    if user.waits_for_guardian:
        return f"{reverse('accounts:guardian')}?{urlencode({'next': next_url})}"
    return next_url


def _go_on(user: User, next_url: str) -> HttpResponseRedirect:
    # The row may have been written a moment ago, past what this instance has read.
    return HttpResponseRedirect(_next_page(User.objects.get(pk=user.pk), next_url))
