"""Django's admin for the operator: one way of signing in, and the second factor of the office."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from metacity.accounts.access import office_required, require_office_request
from metacity.accounts.roles import Role
from metacity.commons.errors import CityError


class OperatorSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        try:
            require_office_request(request, Role.OPERATOR)
        except CityError:
            return False
        return True

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The admin has no form of its own: the visitor signs in like everybody, or is told what is missing."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next", request.path))
        refuse = office_required(Role.OPERATOR)(lambda request: redirect_to_login(request.path))
        return refuse(request)
