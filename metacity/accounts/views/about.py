"""What is kept of people, for everybody to read; and the demo's mailbox."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from metacity.accounts import demo_mail
from metacity.accounts.consents import texts


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy policy. The kept items come from the same texts that people agree to."""
    context = {"texts": texts(), "since": settings.PRIVACY_POLICY_SINCE, "officer": settings.PRIVACY_OFFICER}
    return render(request, "accounts/privacy.html", context)


@never_cache
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """The mails that the demo would have sent. Exists in the demo only."""
    if settings.MODE != "demo":
        raise Http404
    return render(request, "accounts/demo_mail.html", {"mails": demo_mail.latest()})
