"""The second path: an official saw a paper at the desk and printed a code, which is entered here."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metacity.accounts import limits
from metacity.accounts.errors import TooManyAttempts
from metacity.accounts.forms import DeskCodeForm
from metacity.accounts.identity.base import IdentityProvider, SealedAttributes
from metacity.accounts.models import User
from metacity.accounts.services.desk import attributes_behind
from metacity.commons.errors import CityError

# 30^10 codes: ten tries in ten minutes from an address will not find one.
TRIES, WINDOW_S = 10, 600


class DeskProvider(IdentityProvider):
    key = "desk"
    label = _("Code from the desk")
    hint = _("For those without a phone in their own name: show your ID at a community centre and get a code.")

    def begin(self, request: HttpRequest, next_url: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("accounts:identity_complete", args=[self.key]))

    def complete(self, request: HttpRequest) -> SealedAttributes | HttpResponse:
        if request.method != "POST":
            return self._page(request, DeskCodeForm())
        form = DeskCodeForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=400)
        visitor = request.user if isinstance(request.user, User) else None
        try:
            limits.consume(scope="desk-code", key=limits.client_address(request), limit=TRIES, window_s=WINDOW_S)
            return attributes_behind(code=form.cleaned_data["desk_code"], visitor=visitor)
        except TooManyAttempts as refusal:
            form.add_error(None, str(refusal.message))
            return self._page(request, form, status=refusal.status)
        except CityError as refusal:
            form.add_error("desk_code", str(refusal.message))
            return self._page(request, form, status=refusal.status)

    def _page(self, request: HttpRequest, form: DeskCodeForm, status: int = 200) -> HttpResponse:
        return render(request, "accounts/identity_desk.html", {"form": form}, status=status)
