"""Processes for the operator, until the office has its own editor. Whatever is published can be seen by all."""

from typing import TYPE_CHECKING

from django.contrib import admin

from participation.processes.models import Phase, Process

# Generic for the type checker only: Django 5.2 does not subscript it at run time.
if TYPE_CHECKING:
    _Inline = admin.TabularInline[Phase, Process]
    _ModelAdmin = admin.ModelAdmin[Process]
else:
    _Inline, _ModelAdmin = admin.TabularInline, admin.ModelAdmin


class PhaseInline(_Inline):
    model = Phase
    extra = 1


@admin.register(Process)
class ProcessAdmin(_ModelAdmin):
    list_display = ("title", "city", "kind", "state")
    list_filter = ("city", "state", "kind")
    prepopulated_fields = {"slug": ("title_en",)}
    inlines = (PhaseInline,)
