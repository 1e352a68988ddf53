"""The published rules, and what came of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from metacity.commons import clocks
from participation.moderation.policy import policy
from participation.moderation.statistics import ANSWERS, statistics


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """For what something is reported, what happens, who decides, how to object; and the numbers of the last year."""
    context = {
        "policy": policy(),
        "statistics": statistics(clocks.now()),
        "outcomes": [outcome.label for outcome in ANSWERS],
    }
    return render(request, "moderation/rules.html", context)
