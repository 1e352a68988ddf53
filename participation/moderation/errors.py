"""What moderation refuses."""

from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import Conflict, Forbidden, Gone, Invalid, NotFound


class CaseNotFound(NotFound):
    code = "case_not_found"
    message = _("There is no such case.")


class DecisionNotFound(NotFound):
    code = "decision_not_found"
    message = _("There is no such decision.")


class AppealNotFound(NotFound):
    code = "appeal_not_found"
    message = _("There is no such objection.")


class ReportedAlready(Conflict):
    code = "reported_already"
    message = _("You have reported this already. You can see what became of it under “My reports”.")


class OwnText(Forbidden):
    code = "own_text"
    message = _("This is your own. You can change or withdraw it yourself.")


class HiddenAlready(Conflict):
    code = "hidden_already"
    message = _("This has been hidden already.")


class InvalidReport(Invalid):
    """Fields that need another look; `fields` says which and why."""

    code = "invalid_report"
    message = _("Some fields need another look.")


class InvalidDecision(Invalid):
    """Fields that need another look; `fields` says which and why."""

    code = "invalid_decision"
    message = _("Some fields need another look.")


class InvalidAppeal(Invalid):
    """Fields that need another look; `fields` says which and why."""

    code = "invalid_appeal"
    message = _("Some fields need another look.")


class CaseTaken(Conflict):
    code = "case_taken"
    message = _("Another moderator has this case in hand.")


class CaseChanged(Conflict):
    code = "case_changed"
    message = _("Somebody else has decided in the meantime. Look at the case again.")


class SubjectGone(Gone):
    code = "subject_gone"
    message = _("What was reported is no longer there. The case can only be closed.")


class NotYours(Forbidden):
    """Whoever wrote or reported something does not judge it."""

    code = "not_yours_to_decide"
    message = _("You are part of this case. Somebody else decides it.")


class SecondPerson(Forbidden):
    code = "second_person"
    message = _("You took this measure. An objection is decided by somebody else.")


class NotAppealable(Conflict):
    code = "not_appealable"
    message = _("Nothing stands here that one could object to.")


class AppealTooLate(Conflict):
    code = "appeal_too_late"
    message = _("The time to object is over.")


class AppealedAlready(Conflict):
    code = "appealed_already"
    message = _("You have objected already.")


class AppealSettled(Conflict):
    code = "appeal_settled"
    message = _("This objection has been settled.")
