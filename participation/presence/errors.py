"""What presence refuses."""

from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import Forbidden, Invalid, NotFound


class WorldUnknown(NotFound):
    code = "world_unknown"
    message = _("There is no such place to be together in.")


class Removed(Forbidden):
    """A moderator has taken the person out of the world for a while."""

    code = "removed_from_world"
    message = _("You cannot join the people in the city for now. The notice on your page says why and until when.")


class NameNotShown(Forbidden):
    """Minors and visitors without an account have no name in the city."""

    code = "name_not_shown"
    message = _("Your name cannot be shown in the city.")


class RemovalInvalid(Invalid):
    code = "removal_invalid"
