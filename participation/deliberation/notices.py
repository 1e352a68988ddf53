"""Telling authors that somebody has answered: once, until they have looked."""

from django.utils.translation import gettext as _

from metacity.accounts.models import Notice, Topic, User
from metacity.accounts.notices import Facts, Words, notify
from participation.deliberation.models import Comment

ON_MY_PROPOSAL = "comment.on_my_proposal"
ANSWER_TO_ME = "comment.answer_to_me"


def words_on_my_proposal(facts: Facts) -> Words:
    return Words(_("There are comments on your idea"), facts["title"])


def words_of_answer(facts: Facts) -> Words:
    return Words(_("Somebody has answered your comment"), _("On the idea “%(title)s”") % {"title": facts["title"]})


def tell_of_comment(comment: Comment) -> None:
    """Whoever was answered, and the proposal's author; nobody of their own words, and nobody twice of the same."""
    proposal_author = comment.discussion.proposal.author
    answered = comment.answers.author if comment.answers else None
    if answered is not None and answered != comment.author:
        _tell(answered, ANSWER_TO_ME, comment, about=f"{comment.answers_id}")
    if proposal_author is not None and proposal_author not in (comment.author, answered):
        _tell(proposal_author, ON_MY_PROPOSAL, comment, about=f"{comment.discussion_id}")


def _tell(person: User, kind: str, comment: Comment, *, about: str) -> None:
    """One notice until it has been seen; the next one after that is new. The discussion's lock keeps two apart."""
    waiting = Notice.objects.unseen().filter(person=person, kind=kind, key__startswith=f"{about}:")
    if waiting.exists():
        return
    facts = {"title": comment.discussion.proposal.content.title}
    notify(
        person=person,
        kind=kind,
        facts=facts,
        url=comment.get_absolute_url(),
        key=f"{about}:{comment.number}",
        topic=Topic.COMMENTS,
    )
