"""What one was told, and the way to what it is about."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from metacity.accounts.access import require_signed_in
from metacity.accounts.models import Notice, Topic
from metacity.accounts.notices import choose_topics, see, see_all, topics_of, words_of
from metacity.commons.access import sign_in_required
from metacity.commons.pagination import paginate


@never_cache
@sign_in_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    person = require_signed_in(request.user)
    page = paginate(Notice.objects.filter(person=person).newest(), request)
    context = {
        "page": page,
        "rows": [(notice, words_of(notice)) for notice in page],
        "topics": topics_of(person),
        "trail": [(reverse("accounts:me"), _("My page"))],
    }
    return render(request, "accounts/notices.html", context)


@never_cache
@sign_in_required
@require_safe
def open_notice(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """To the page that the notice is about; it counts as seen from here on."""
    return HttpResponseRedirect(see(person=require_signed_in(request.user), pk=pk))


@sign_in_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Which topics one wants to be told of. What is no topic is left out."""
    told = request.POST.getlist("topic")
    choose_topics(person=require_signed_in(request.user), wanted=[topic for topic in Topic if topic.value in told])
    messages.success(request, _("Your choice is kept."))
    return HttpResponseRedirect(f"{reverse('accounts:notices')}#topics", status=303)


@sign_in_required
@require_POST
def mark_all(request: HttpRequest) -> HttpResponse:
    see_all(person=require_signed_in(request.user))
    return HttpResponseRedirect(reverse("accounts:notices"))
