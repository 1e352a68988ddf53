"""The operator's view of accounts. Roles are read here and granted by command or service, so that the ledger knows."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from metacity.accounts.models import IdentityCheck, RoleGrant, User

# Generic for the type checker only: Django 5.2 does not subscript it at run time.
if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(_ModelAdmin):
    """Looked at, never changed: changes go through services."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("id", "email", "alias", "is_active", "date_joined")
    list_filter = ("is_active", "is_seeded")
    search_fields = ("email", "alias")
    exclude = ("password", "hidden_alias")


@admin.register(RoleGrant)
class RoleGrantAdmin(ReadOnlyAdmin):
    list_display = ("user", "role", "granted_by", "granted_at")
    list_filter = ("role",)
    list_select_related = ("user", "granted_by")


@admin.register(IdentityCheck)
class IdentityCheckAdmin(ReadOnlyAdmin):
    list_display = ("user", "method", "birth_year", "district", "checked_at")
    list_filter = ("method", "district")
    list_select_related = ("user",)
    exclude = ("ci_hmac",)
