"""What is told of a comment, by the API and in the events of the proposal's room. The browser's contract.

Events say the same to everybody: `{"comment", "count", "thread_replies"}`, the comment as a stranger reads it, or for
one of which nothing is left `{"id", "number", "thread", "count", "thread_replies"}`. A client sets the comment in its
place by its number, and the two counts.
"""

from typing import Any

from metacity.accounts.roles import Role
from metacity.commons import events
from metacity.commons.addresses import city_url
from metacity.commons.i18n import both
from participation.deliberation.models import Comment
from participation.deliberation.scenes import Scene
from participation.proposals.surroundings import in_both_languages

Told = dict[str, Any]


def told_of(comment: Comment, *, reads_hidden: bool = False) -> Told:
    """A comment in the words of both languages; what is withdrawn or hidden has no text, but for who `reads_hidden`."""
    is_read = comment.is_shown or (reads_hidden and comment.state == Comment.State.HIDDEN)
    return {
        "id": str(comment.id),
        "number": comment.number,
        "thread": comment.thread,
        "answers": _answered(comment),
        "author": _name(comment),
        "role": _role(comment.role),
        "state": comment.state,
        "text": comment.text if is_read else "",
        "scene": _scene(comment) if is_read else None,
        "revision": comment.revision,
        "written_at": comment.written_at.isoformat(),
        "edited_at": comment.edited_at.isoformat() if comment.edited_at else None,
        "replies": comment.replies_count,
        "url": comment.get_absolute_url(),
    }


def announce_comment(kind: str, comment: Comment) -> None:
    """Tell everybody who reads the proposal. Last in the transaction, under the discussion's lock."""
    payload = {"comment": told_of(comment), **_counts(comment)}
    events.announce(room=room_of(comment), kind=f"comment.{kind}", payload=payload)


def announce_removal(comment: Comment) -> None:
    known = {"id": str(comment.id), "number": comment.number, "thread": comment.thread}
    events.announce(room=room_of(comment), kind="comment.removed", payload=known | _counts(comment))


def retell(comment: Comment) -> None:
    """Nobody who catches up later reads what the comment said before."""
    events.retell(room=room_of(comment), name="comment", told=told_of(comment))


def room_of(comment: Comment) -> str:
    return f"proposal.{comment.discussion_id}"


def _counts(comment: Comment) -> Told:
    first = Comment.objects.filter(discussion=comment.discussion_id, number=comment.thread)
    replies = first.values_list("replies_count", flat=True).get()
    return {"count": comment.discussion.comments_count, "thread_replies": replies}


def _answered(comment: Comment) -> Told | None:
    answered = comment.answers
    if answered is None:
        return None
    return {"id": str(answered.id), "number": answered.number, "author": _name(answered)}


def _name(comment: Comment) -> dict[str, str]:
    korean, english = in_both_languages(lambda: comment.author_name)
    return {"ko": korean, "en": english}


def _role(role: str) -> Told | None:
    if not role:
        return None
    korean, english = in_both_languages(lambda: str(Role(role).label))
    return {"name": role, "ko": korean, "en": english}


def _scene(comment: Comment) -> Told | None:
    if comment.scene is None:
        return None
    scene, city = Scene(**comment.scene), comment.discussion.proposal.city
    return {
        "words": both(comment.scene, "words"),
        "link": scene.link,
        "city_url": f"{city_url('worlds:city', city)}#{scene.link}",
        "map_url": f"{city_url('worlds:map', city)}#{scene.link}",
    }
