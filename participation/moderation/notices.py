"""What this room tells people, and the words of it: by which rule, why, and what they can do."""

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.accounts.notices import Facts, Words, notify, register_words
from participation.moderation.models import Appeal, Decision
from participation.moderation.outcomes import Outcome
from participation.moderation.policy import policy
from participation.moderation.subjects import label_of

DECIDED, ANSWERED, APPEAL_DECIDED = "moderation.decided", "moderation.answered", "moderation.appeal_decided"


def register() -> None:
    register_words(DECIDED, _say_decided)
    register_words(ANSWERED, _say_answered)
    register_words(APPEAL_DECIDED, _say_appeal_decided)


def tell_author(decision: Decision) -> None:
    """Of a measure, and of its end. That something was reported and kept is nothing to worry its author with."""
    if decision.author is None or not (decision.is_measure or decision.outcome == Outcome.RESTORE):
        return
    facts = {"outcome": decision.outcome, "kind": decision.case.kind, "rule": decision.rule, "words": decision.words}
    if decision.until is not None:
        facts["until"] = decision.until.isoformat()
    _tell(decision.author, DECIDED, reverse("moderation:decision", args=[decision.pk]), str(decision.pk), facts)


def tell_reporters(decision: Decision, reporters: list[User]) -> None:
    """What came of their reports: the outcome, without the text and without its author."""
    facts = {"outcome": decision.outcome, "kind": decision.case.kind}
    for reporter in reporters:
        _tell(reporter, ANSWERED, reverse("moderation:mine"), str(decision.pk), facts)


def tell_appellant(appeal: Appeal) -> None:
    if appeal.author is None:
        return
    facts = {"state": appeal.state, "kind": appeal.decision.case.kind, "words": appeal.answer}
    address = reverse("moderation:decision", args=[appeal.decision_id])
    _tell(appeal.author, APPEAL_DECIDED, address, str(appeal.pk), facts)


def _tell(person: User, kind: str, url: str, key: str, facts: dict[str, str]) -> None:
    notify(person=person, kind=kind, url=url, key=key, facts=facts)


def _say_decided(facts: Facts) -> Words:
    what = label_of(facts["kind"])
    if facts["outcome"] == Outcome.RESTORE:
        return Words(
            _("What you wrote can be seen by everybody again: %(what)s") % {"what": what},
            facts["words"] or _("The time for which it was hidden is over."),
        )
    reason = _("Reason: %(rule)s. %(words)s") % {"rule": policy().title_of(facts["rule"]), "words": facts["words"]}
    rights = _("You can read it as before, and you can object.")
    if facts["outcome"] == Outcome.TEMPORARY:
        title = _("What you wrote is hidden until %(day)s: %(what)s") % {"day": _day(facts["until"]), "what": what}
        return Words(title, f"{reason} {rights}")
    return Words(_("What you wrote has been hidden: %(what)s") % {"what": what}, f"{reason} {rights}")


def _say_answered(facts: Facts) -> Words:
    words = {
        Outcome.KEEP: _("What you reported was looked at and is not against the rules. It stays."),
        Outcome.HIDE: _("What you reported is against the rules and has been hidden. Thank you."),
        Outcome.TEMPORARY: _("What you reported has been hidden for a time while it is being looked into."),
        Outcome.RESTORE: _("What you reported was looked at again and is shown again."),
        Outcome.CLOSE: _("What you reported is no longer there."),
    }
    title = _("Your report has been dealt with: %(what)s") % {"what": label_of(facts["kind"])}
    return Words(title, words[Outcome(facts["outcome"])])


def _say_appeal_decided(facts: Facts) -> Words:
    titles = {
        Appeal.State.GRANTED: _("Your objection was right: %(what)s is shown again."),
        Appeal.State.UPHELD: _("A second person has looked at your objection. The measure stays: %(what)s"),
        Appeal.State.LAPSED: _("Your objection has been settled by a later decision: %(what)s"),
    }
    return Words(titles[Appeal.State(facts["state"])] % {"what": label_of(facts["kind"])}, facts["words"])


def _day(moment: str) -> str:
    found = parse_datetime(moment)
    return date_format(timezone.localtime(found), "DATE_FORMAT") if found else moment
