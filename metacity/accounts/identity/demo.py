"""Plays phone authentication for the demo: no message is sent, the code stands on the screen under a banner.

Refused in production by system check `accounts.E001`.
"""

import base64
import hashlib
import hmac
import secrets
import time
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metacity.accounts import limits
from metacity.accounts.errors import TooManyAttempts
from metacity.accounts.forms import CodeForm, PhoneIdentityForm
from metacity.accounts.identity.base import IdentityProvider, VerifiedAttributes
from metacity.accounts.models.identity import Method

STATE_KEY = "identity_demo"
CODE_FOR_S = 180
CODES_AN_HOUR = 20
TRIES_A_CODE = 5


def demo_ci(name: str, birth_date: date, namesake: int = 1) -> str:
    """A made-up CI, 88 characters of base64 like a real one: the same person always gets the same."""
    person = f"{''.join(name.casefold().split())}|{birth_date.isoformat()}|{namesake}"
    return base64.b64encode(hashlib.sha512(f"metacity demo {person}".encode()).digest()).decode()


class DemoPhoneProvider(IdentityProvider):
    key = "demo"
    label = _("Mobile phone")
    hint = _("Confirm with a text message to a phone in your own name.")

    @property
    def is_available(self) -> bool:
        return settings.MODE != "production"

    def begin(self, request: HttpRequest, next_url: str) -> HttpResponse:
        request.session.pop(STATE_KEY, None)
        return HttpResponseRedirect(_here())

    def complete(self, request: HttpRequest) -> VerifiedAttributes | HttpResponse:
        """Two pages at one address: who it is, then the code."""
        if request.method == "POST" and "code" in request.POST:
            return self._check_code(request)
        if request.method == "POST":
            return self._send_code(request)
        if request.GET.get("step") == "code" and STATE_KEY in request.session:
            return self._code_page(request, CodeForm())
        return self._details_page(request, PhoneIdentityForm(initial=_typed(request)))

    def _send_code(self, request: HttpRequest) -> HttpResponse:
        form = PhoneIdentityForm(request.POST)
        if not form.is_valid():
            return self._details_page(request, form, status=400)
        try:
            limits.consume(
                scope="identity-code", key=limits.client_address(request), limit=CODES_AN_HOUR, window_s=3600
            )
            limits.consume(scope="identity-phone", key=form.cleaned_data["phone"], limit=5, window_s=600)
        except TooManyAttempts as refusal:
            form.add_error(None, str(refusal.message))
            return self._details_page(request, form, status=refusal.status)
        code = f"{secrets.randbelow(1_000_000):06d}"
        request.session[STATE_KEY] = {
            "typed": {name: request.POST.get(name, "") for name in form.fields},
            # A real service would send the code; the demo has to show it.
            "code": code,
            "until": time.time() + CODE_FOR_S,
            "tries": 0,
        }
        return HttpResponseRedirect(f"{_here()}?step=code")

    def _check_code(self, request: HttpRequest) -> VerifiedAttributes | HttpResponse:
        state = request.session.get(STATE_KEY)
        form = CodeForm(request.POST)
        if state is None:
            return HttpResponseRedirect(_here())
        if not form.is_valid():
            return self._code_page(request, form, status=400)
        state["tries"] += 1
        request.session.modified = True
        if state["tries"] > TRIES_A_CODE or time.time() > state["until"]:
            form.add_error("code", str(_("This code has expired. Please have a new one sent.")))
            return self._code_page(request, form, status=400)
        if not hmac.compare_digest(form.cleaned_data["code"].encode(), state["code"].encode()):
            form.add_error("code", str(_("The code is not right. Please check it and try again.")))
            return self._code_page(request, form, status=400)
        details = PhoneIdentityForm(state["typed"])
        del request.session[STATE_KEY]
        if not details.is_valid():
            return self._details_page(request, details, status=400)
        told = details.cleaned_data
        return VerifiedAttributes(
            ci=demo_ci(told["name"], told["birth_date"]),
            name=told["name"],
            birth_year=told["birth_date"].year,
            birth_date=told["birth_date"],
            district=told["district"],
            method=Method.PHONE,
        )

    def _details_page(self, request: HttpRequest, form: PhoneIdentityForm, status: int = 200) -> HttpResponse:
        return render(request, "accounts/identity_phone.html", {"form": form}, status=status)

    def _code_page(self, request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
        state = request.session[STATE_KEY]
        context = {
            "form": form,
            "code": state["code"],
            "minutes": CODE_FOR_S // 60,
            "phone": state["typed"]["phone"],
            "back_url": _here(),
        }
        return render(request, "accounts/identity_code.html", context, status=status)


def _here() -> str:
    return reverse("accounts:identity_complete", args=[DemoPhoneProvider.key])


def _typed(request: HttpRequest) -> dict[str, str]:
    """What was typed before going back from the code, so that nothing has to be typed twice."""
    state = request.session.get(STATE_KEY)
    typed: dict[str, str] = state["typed"] if state else {}
    return typed
