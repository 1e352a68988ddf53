"""A guardian's consent: the child names an address, the guardian follows the link and identifies."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from metacity.accounts import limits
from metacity.accounts.access import require_signed_in
from metacity.accounts.consents import texts
from metacity.accounts.errors import TooManyAttempts
from metacity.accounts.forms import GuardianForm
from metacity.accounts.identity import journey
from metacity.accounts.identity.journey import Journey, Purpose
from metacity.accounts.identity.registry import providers
from metacity.accounts.services import guardian
from metacity.accounts.views.identity import begin
from metacity.commons.access import sign_in_required

MAILS_A_DAY = 5
DAY_S = 24 * 60 * 60


@never_cache
@sign_in_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """For the child: where to send the link, and whether the guardian has answered."""
    user = require_signed_in(request.user)
    next_url = journey.safe_next(request)
    if not user.waits_for_guardian:
        return HttpResponseRedirect(next_url)
    form = GuardianForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limits.consume(scope="guardian-mail", key=str(user.pk), limit=MAILS_A_DAY, window_s=DAY_S)
            guardian.ask_guardian(user=user, contact=form.cleaned_data["contact"])
            messages.success(request, _("The link has been sent."))
            return HttpResponseRedirect(f"{request.path}?{urlencode({'next': next_url})}")
        except TooManyAttempts as refusal:
            form.add_error(None, str(refusal.message))
    context = {"form": form, "consent": getattr(user, "guardian_consent", None), "next": next_url}
    return render(request, "accounts/guardian.html", context, status=400 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """For the guardian: who asks, what it means, and the way to agree or to withdraw. Needs no account."""
    consent = guardian.consent_behind(token)
    if request.method == "POST":
        return begin(request, Journey(Purpose.GUARDIAN, request.path, token))
    context = {
        "consent": consent,
        "child": consent.user.display_name,
        "providers": providers(),
        "texts": [text for text in texts() if text.is_required],
    }
    return render(request, "accounts/guardian_answer.html", context)
