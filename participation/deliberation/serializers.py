"""The API's shapes of comments: in and out apart; they check shape and hold no rules."""

from typing import Any

from rest_framework import serializers

from participation.deliberation.models import Comment
from participation.deliberation.scenes import LINK_LENGTH

# Longer texts are refused here with their field; the exact limit is the service's.
LONGEST = 100_000
SCENE_HELP = "The link of a view in the 3D city or on the map, or the name or address of a place."


class RemarkIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST)
    scene = serializers.CharField(
        max_length=LINK_LENGTH, required=False, allow_blank=True, default="", help_text=SCENE_HELP
    )


class CommentIn(RemarkIn):
    """A new comment. `key`, chosen by the client, makes sending it twice harmless."""

    key = serializers.UUIDField()
    answers = serializers.UUIDField(required=False, allow_null=True, help_text="The comment that it answers.")


class CommentChangeIn(RemarkIn):
    """The whole comment as it shall be; a scene that is left out is no longer part of it."""

    revision = serializers.IntegerField(min_value=1, help_text="The revision that was read.")


class BothLanguagesOut(serializers.Serializer[Any]):
    ko = serializers.CharField()
    en = serializers.CharField()


class AnsweredOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    author = BothLanguagesOut()


class RoleOut(BothLanguagesOut):
    name = serializers.CharField()


class SceneOut(serializers.Serializer[Any]):
    words = BothLanguagesOut()
    link = serializers.CharField(help_text="As the city and the map read it, after `#`.")
    city_url = serializers.CharField()
    map_url = serializers.CharField()


class CommentOut(serializers.Serializer[Any]):
    """A comment. Hidden and withdrawn ones have no text; their author and moderators read hidden ones."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    thread = serializers.IntegerField(help_text="The number of the comment that began the thread.")
    answers = AnsweredOut(allow_null=True)
    author = BothLanguagesOut()
    role = RoleOut(allow_null=True, help_text="The office role in which it was written.")
    state = serializers.ChoiceField(choices=Comment.State.choices)
    text = serializers.CharField()
    scene = SceneOut(allow_null=True)
    revision = serializers.IntegerField()
    written_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    replies = serializers.IntegerField(help_text="Of the thread that it began.")
    url = serializers.CharField()
    is_mine = serializers.BooleanField()


class CommentsOut(serializers.Serializer[Any]):
    """A page of comments. `room` and `seq` name where and after what to follow events; `next` is the next `start`."""

    count = serializers.IntegerField()
    room = serializers.CharField()
    seq = serializers.IntegerField()
    may_comment = serializers.BooleanField()
    reason = serializers.CharField(help_text="Why one may not; empty where one may.")
    next = serializers.IntegerField(allow_null=True)
    results = CommentOut(many=True)
