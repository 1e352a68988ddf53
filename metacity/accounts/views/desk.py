"""The desk's page: an official finds an account, confirms a paper, and prints the code."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from metacity.accounts import limits
from metacity.accounts.access import office_required, require_signed_in
from metacity.accounts.errors import TooManyAttempts
from metacity.accounts.forms import DeskPaperForm, DeskSearchForm
from metacity.accounts.models import DeskVoucher, User
from metacity.accounts.roles import Role
from metacity.accounts.services import desk as desk_service
from metacity.commons.errors import CityError

DESK_ROLES = (Role.OFFICIAL, Role.APPROVER)
SEARCHES_AN_HOUR = 60
RECENT = 20


@never_cache
@sensitive_post_parameters()
@office_required(*DESK_ROLES)
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Search, confirm, and what was issued lately. The search is a POST: an address of a person is no part of a URL."""
    action = request.POST.get("action", "")
    if action == "search":
        return _search(request)
    if action == "issue":
        return _issue(request)
    return _page(request)


def _search(request: HttpRequest) -> HttpResponse:
    official = require_signed_in(request.user)
    form = DeskSearchForm(request.POST)
    if not form.is_valid():
        return _page(request, search=form, status=400)
    try:
        limits.consume(scope="desk-search", key=str(official.pk), limit=SEARCHES_AN_HOUR, window_s=3600)
    except TooManyAttempts as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, search=form, status=refusal.status)
    found = desk_service.find_account(official=official, email=form.cleaned_data["email"])
    if found is None:
        form.add_error("email", _("No account has this e-mail address. You can make a code for a new account below."))
        return _page(request, search=form)
    return _page(request, search=form, account=found)


def _issue(request: HttpRequest) -> HttpResponse:
    official = require_signed_in(request.user)
    form = DeskPaperForm(request.POST)
    account = _account(request.POST.get("account", ""))
    if not form.is_valid():
        return _page(request, paper=form, account=account, status=400)
    read = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
    try:
        voucher, code = desk_service.issue_voucher(official=official, paper=desk_service.Paper(**read), account=account)
    except CityError as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, paper=form, account=account, status=refusal.status)
    context = {"voucher": voucher, "code": f"{code[:5]}-{code[5:]}", "account": account}
    return render(request, "accounts/desk_sheet.html", context)


def _account(pk: str) -> User | None:
    try:
        return User.objects.members().with_identity().filter(pk=uuid.UUID(pk)).first()
    except ValueError:
        return None


def _page(
    request: HttpRequest,
    *,
    search: DeskSearchForm | None = None,
    paper: DeskPaperForm | None = None,
    account: User | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "search": search or DeskSearchForm(),
        "paper": paper or DeskPaperForm(),
        "account": account,
        "recent": DeskVoucher.objects.filter(official=require_signed_in(request.user)).order_by("-issued_at")[:RECENT],
    }
    return render(request, "accounts/desk.html", context, status=status)


@office_required(*DESK_ROLES)
@require_POST
def revoke(request: HttpRequest, voucher_id: uuid.UUID) -> HttpResponse:
    desk_service.revoke_voucher(official=require_signed_in(request.user), voucher_id=voucher_id)
    messages.success(request, _("The code no longer works."))
    return HttpResponseRedirect(reverse("accounts:desk"))
