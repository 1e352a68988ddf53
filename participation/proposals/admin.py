"""Departments for the operator: their names and who works in them. What they did with proposals stays as it is."""

from typing import TYPE_CHECKING

from django.contrib import admin

from participation.proposals.models import Department

# Generic for the type checker only: Django 5.2 does not subscript it at run time.
if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Department]
else:
    _ModelAdmin = admin.ModelAdmin


@admin.register(Department)
class DepartmentAdmin(_ModelAdmin):
    list_display = ("name", "city", "is_open")
    list_filter = ("city", "is_open")
    raw_id_fields = ("members",)
