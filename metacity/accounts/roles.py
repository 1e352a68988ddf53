"""What a person may be trusted with. A role is granted by name; every account is a citizen's without a grant."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CITIZEN = "citizen", _("Citizen")
    OFFICIAL = "official", _("Official in charge")
    APPROVER = "approver", _("Team leader (approver)")
    MODERATOR = "moderator", _("Moderator")
    CLERK = "clerk", _("Clerk")
    OPERATOR = "operator", _("Operator")


# Roles that open office pages, and therefore need a second factor.
OFFICE_ROLES = frozenset(role for role in Role if role is not Role.CITIZEN)
