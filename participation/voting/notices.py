"""What people are told in their own pages: the author of an idea, that it is voted on and what came of it."""

from django.utils.translation import gettext as _

from metacity.accounts.notices import Facts, Words, register_words


def register() -> None:
    register_words("voting.announced", _announced)
    register_words("voting.published", _published)


def _announced(facts: Facts) -> Words:
    return Words(_("Your idea is put to the vote"), facts["question"])


def _published(facts: Facts) -> Words:
    return Words(_("The result of the vote on your idea is out"), facts["question"])
