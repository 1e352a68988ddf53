"""The API of comments: the same services and access rules as the pages."""

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metacity.accounts.access import Visitor, require_signed_in
from metacity.commons import clocks, events
from participation.deliberation.access import comment_for, own_comment, reads_hidden
from participation.deliberation.content import checked
from participation.deliberation.models import Comment, Discussion
from participation.deliberation.pace import keep_pace
from participation.deliberation.reading import Order, comments_page, number_asked, order_asked
from participation.deliberation.serializers import CommentChangeIn, CommentIn, CommentOut, CommentsOut
from participation.deliberation.services import add_comment, edit_comment, may_comment, withdraw_comment
from participation.deliberation.telling import Told, told_of
from participation.proposals.access import proposal_for

_PAGE = [
    OpenApiParameter("order", str, enum=Order.values),
    OpenApiParameter("start", int, description="The number of the first comment; the last page's `next`."),
    OpenApiParameter("thread", int, description="Only the thread that the comment of this number began."),
    OpenApiParameter("size", int, description="At most 100."),
]


class CommentsView(APIView):
    """The comments of a proposal, answers among them by their numbers: list and write."""

    @extend_schema(operation_id="comments_list", parameters=_PAGE, responses=CommentsOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        # The number of the last event first: what happens from here on is told once more, and nothing is missed.
        seq = events.latest(f"proposal.{pk}")
        proposal = proposal_for(request.user, pk)
        asked = request.query_params
        found, following = comments_page(
            proposal,
            order=order_asked(asked.get("order")),
            start=number_asked(asked.get("start")),
            thread=number_asked(asked.get("thread")),
            size=number_asked(asked.get("size")),
        )
        discussion = Discussion.objects.filter(proposal=proposal).first()
        verdict = may_comment(proposal, request.user, clocks.now())
        told = {
            "count": discussion.comments_count if discussion else 0,
            "room": proposal.room,
            "seq": seq,
            "may_comment": bool(verdict),
            "reason": verdict.reason,
            "next": following,
            "results": [_told(request.user, comment) for comment in found],
        }
        return Response(CommentsOut(told).data)

    @extend_schema(operation_id="comments_write", request=CommentIn, responses={201: CommentOut})
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        author = require_signed_in(request.user)
        proposal = proposal_for(author, pk)
        told = _read(CommentIn, request)
        remark = checked(city=proposal.city, text=told["text"], scene=told["scene"])
        keep_pace(author)
        comment = add_comment(
            proposal=proposal,
            author=author,
            remark=remark,
            key=told["key"],
            at=clocks.now(),
            answers=told.get("answers"),
        )
        return Response(CommentOut(_told(author, comment)).data, status=201)


class CommentView(APIView):
    """One comment: read, change, withdraw."""

    @extend_schema(operation_id="comment_read", responses=CommentOut)
    def get(self, request: Request, pk: uuid.UUID, comment: uuid.UUID) -> Response:
        return Response(CommentOut(_told(request.user, comment_for(request.user, pk, comment))).data)

    @extend_schema(operation_id="comment_change", request=CommentChangeIn, responses=CommentOut)
    def put(self, request: Request, pk: uuid.UUID, comment: uuid.UUID) -> Response:
        author = require_signed_in(request.user)
        mine = own_comment(author, pk, comment)
        told = _read(CommentChangeIn, request)
        remark = checked(city=mine.discussion.proposal.city, text=told["text"], scene=told["scene"])
        changed = edit_comment(comment=mine, author=author, remark=remark, revision=told["revision"], at=clocks.now())
        return Response(CommentOut(_told(author, changed)).data)

    @extend_schema(operation_id="comment_withdraw", responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID, comment: uuid.UUID) -> Response:
        author = require_signed_in(request.user)
        withdraw_comment(comment=own_comment(author, pk, comment), author=author, at=clocks.now())
        return Response(status=204)


def _read(serializer: Any, request: Request) -> dict[str, Any]:
    told = serializer(data=request.data)
    told.is_valid(raise_exception=True)
    return dict(told.validated_data)


def _told(user: Visitor, comment: Comment) -> Told:
    return told_of(comment, reads_hidden=reads_hidden(user, comment)) | {"is_mine": comment.is_written_by(user)}
