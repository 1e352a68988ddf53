"""Refusals of this room, each with a stable code."""

from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooMany, Unavailable


class NotIdentified(Forbidden):
    code = "identity_required"
    message = _("Please confirm your identity first.")


class ConsentRequired(Forbidden):
    code = "consent_required"
    message = _("Please agree to the required items first.")


class GuardianRequired(Forbidden):
    code = "guardian_required"
    message = _("Until your guardian agrees, you can read but not write.")


class SecondFactorRequired(Forbidden):
    code = "second_factor_required"
    message = _("Office pages need a second step at sign-in. Please set it up first.")


class IdentityTaken(Conflict):
    code = "identity_taken"
    message = _("This identity is already confirmed on another account. Please sign in with that account.")


class IdentityDiffers(Conflict):
    code = "identity_differs"
    message = _("This is not the person whose identity was confirmed on this account.")


class IdentityIncomplete(Invalid):
    code = "identity_incomplete"
    message = _("The identity service did not send what is needed. Please try another way.")


class IdentityExpired(Gone):
    code = "identity_expired"
    message = _("Too much time has passed. Please confirm your identity again.")


class IdentityUnavailable(Unavailable):
    code = "identity_unavailable"
    message = _("The identity service does not answer now. Please try again later, or visit the desk.")


class UnknownProvider(NotFound):
    code = "identity_provider_unknown"


class WrongCode(Invalid):
    code = "wrong_code"
    message = _("The code is not right. Please check it and try again.")


class VoucherSpent(Gone):
    code = "desk_code_spent"
    message = _("This desk code has been used or has expired. Please ask the desk for a new one.")


class VoucherBound(Conflict):
    code = "desk_code_bound"
    message = _("This desk code is for one account. Please sign in with that account first.")


class GuardianLinkGone(Gone):
    code = "guardian_link_gone"
    message = _("This link is no longer valid. Please ask for a new one to be sent.")


class NotAGuardian(Invalid):
    code = "guardian_not_accepted"
    message = _("A guardian is an adult of 19 or older and somebody other than the child.")


class AliasTaken(Conflict):
    code = "alias_taken"
    message = _("Somebody already uses this alias. Please choose another.")


class AliasHidden(Conflict):
    code = "alias_hidden"
    message = _("This alias was hidden because it is against the rules. Please choose another.")


class RequiredConsent(Conflict):
    code = "consent_is_required"
    message = _("Without this consent the account cannot exist. To withdraw it, delete your account.")


class RoleUnknown(Invalid):
    code = "role_unknown"
    message = _("There is no such role.")


class TooManyAttempts(TooMany):
    code = "too_many_attempts"
    message = _("There were too many attempts. Please wait a while and try again.")
