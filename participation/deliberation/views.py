"""Pages of discussions: all that is said about a proposal, one thread, changing and withdrawing, and one's own."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from metacity.accounts.access import require_signed_in
from metacity.accounts.models import User
from metacity.commons import clocks, events
from metacity.commons.access import sign_in_required
from metacity.commons.errors import CityError
from metacity.commons.pagination import paginate
from participation.deliberation.access import comment_for, own_comment
from participation.deliberation.errors import NotEditable
from participation.deliberation.forms import CommentForm, EditForm, WithdrawForm
from participation.deliberation.models import Comment
from participation.deliberation.pace import keep_pace
from participation.deliberation.reading import first_of, number_asked, replies_of, shown_to
from participation.deliberation.scenes import Scene
from participation.deliberation.sections import FIELD_IDS, discussion_context, new_form
from participation.deliberation.services import add_comment, edit_comment, may_comment, withdraw_comment
from participation.proposals.access import proposal_for
from participation.proposals.models import Proposal
from participation.proposals.views.reading import trail
from twin.mirror.services import city_for


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """All that is said about a proposal; a POST says something more."""
    seq = events.latest(f"proposal.{pk}")
    proposal = proposal_for(request.user, pk)
    here = f"{proposal.get_absolute_url()}#comments"
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(here)
    form, status = new_form(proposal, request), 200
    if request.method == "POST":
        form, comment, status = send(request, proposal)
        if comment is not None:
            return said(request, form, comment, f"{proposal.get_absolute_url()}#comment-{comment.number}")
    context = discussion_context(proposal, request, form) | {"seq": seq, "trail": trail(proposal.city, proposal)}
    return render(request, "deliberation/comments.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, pk: uuid.UUID, comment: uuid.UUID, city: str | None = None) -> HttpResponse:
    """A comment and what was answered to it; a POST answers."""
    chosen = comment_for(request.user, pk, comment)
    proposal = chosen.discussion.proposal
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(chosen.page_url)
    form, status = new_form(proposal, request), 200
    if request.method == "POST":
        form, reply, status = send(request, proposal, answers=chosen.pk)
        if reply is not None:
            return said(request, form, reply, reply.get_absolute_url())
    context = thread_context(request, chosen) | {"form": form}
    return render(request, "deliberation/thread.html", context, status=status)


def thread_context(request: HttpRequest, chosen: Comment) -> dict[str, Any]:
    now, proposal = clocks.now(), chosen.discussion.proposal
    first = first_of(chosen)
    start = number_asked(request.GET.get("start")) or (0 if chosen.begins_thread else chosen.number)
    replies, following = replies_of(first, proposal, request.user, now, start=start)
    return {
        "city": proposal.city,
        "proposal": proposal,
        "chosen": chosen,
        "first": shown_to(request.user, first, now),
        "replies": replies,
        "following": following,
        "starts_later": bool(replies) and replies[0].comment.place > 1,
        "verdict": may_comment(proposal, request.user, now),
        "comments_url": chosen.page_url,
        "here": chosen.page_url,
        "trail": trail(proposal.city, proposal),
    }


def send(
    request: HttpRequest, proposal: Proposal, answers: uuid.UUID | None = None
) -> tuple[CommentForm, Comment | None, int]:
    """The form as it was sent, and what became of it: the comment, or a refusal that keeps what was typed."""
    form = CommentForm(request.POST, city=proposal.city, auto_id=FIELD_IDS)
    if not form.is_valid():
        return form, None, 400
    author, key = require_signed_in(request.user), form.cleaned_data["key"] or uuid.uuid4()
    try:
        keep_pace(author)
        comment = add_comment(
            proposal=proposal, author=author, remark=form.remark, key=key, at=clocks.now(), answers=answers
        )
    except CityError as refusal:
        form.add_error(None, str(refusal.message))
        return form, None, refusal.status
    return form, comment, 303


def said(request: HttpRequest, form: CommentForm, comment: Comment, address: str) -> HttpResponse:
    messages.success(request, _("Your comment is there."))
    if form.remark.is_masked:
        messages.info(request, _("Numbers that look like a registration or phone number have been hidden."))
    return HttpResponseRedirect(address, status=303)


@never_cache
@sign_in_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID, comment: uuid.UUID, city: str | None = None) -> HttpResponse:
    """Put one's comment better."""
    author = require_signed_in(request.user)
    mine = own_comment(author, pk, comment)
    if not mine.is_editable(clocks.now()):
        raise NotEditable
    form, status = EditForm(city=mine.discussion.proposal.city, initial=as_typed(mine)), 200
    if request.method == "POST":
        form = EditForm(request.POST, city=mine.discussion.proposal.city)
        status = change(form, mine, author)
        if status == 303:
            messages.success(request, _("Your comment has been changed."))
            return HttpResponseRedirect(mine.get_absolute_url(), status=303)
    return render(request, "deliberation/edit.html", own_context(mine) | {"form": form}, status=status)


def change(form: EditForm, mine: Comment, author: User) -> int:
    """Changes the comment to what the form says; 303, or the status of a refusal that the form then tells."""
    if not form.is_valid():
        return 400
    try:
        revision = form.cleaned_data["revision"]
        edit_comment(comment=mine, author=author, remark=form.remark, revision=revision, at=clocks.now())
    except CityError as refusal:
        form.add_error(None, str(refusal.message))
        return refusal.status
    return 303


def as_typed(comment: Comment) -> dict[str, Any]:
    scene = Scene(**comment.scene).link if comment.scene else ""
    return {"text": comment.text, "scene": scene, "revision": comment.revision}


@never_cache
@sign_in_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: uuid.UUID, comment: uuid.UUID, city: str | None = None) -> HttpResponse:
    """Ask once more, then take the comment back."""
    author = require_signed_in(request.user)
    mine = own_comment(author, pk, comment)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        withdraw_comment(comment=mine, author=author, at=clocks.now())
        messages.success(request, _("Your comment has been withdrawn."))
        return HttpResponseRedirect(f"{mine.discussion.proposal.get_absolute_url()}#comments", status=303)
    status = 400 if request.method == "POST" else 200
    return render(request, "deliberation/withdraw.html", own_context(mine) | {"form": form}, status=status)


def own_context(mine: Comment) -> dict[str, Any]:
    proposal = mine.discussion.proposal
    return {"city": proposal.city, "proposal": proposal, "comment": mine, "trail": trail(proposal.city, proposal)}


@require_safe
@never_cache
@sign_in_required
def mine(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """What one said, newest first, with what became of it."""
    user = require_signed_in(request.user)
    context = {
        "city": city_for(city, user),
        "page": paginate(Comment.objects.by_author(user).with_proposal().newest(), request),
        "trail": [(reverse("accounts:me"), _("My page"))],
    }
    return render(request, "deliberation/mine.html", context)
