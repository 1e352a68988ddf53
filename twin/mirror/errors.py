"""What the mirror refuses, each with a code of its own."""

from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import Conflict, Invalid, NotFound, TooLarge


class FileRefused(Invalid):
    """A city file cannot be read. The message names the object or line, and the cause."""

    code = "city_file_refused"
    message = _("The city file cannot be read.")


class FileTooLarge(TooLarge):
    code = "city_file_too_large"
    message = _("The city file is too large.")


class ImportRunning(Conflict):
    code = "import_running"
    message = _("Another import into this city is running. Try again when it has ended.")


class ImportWaiting(Conflict):
    code = "import_waiting"
    message = _("An import into this city waits to be published or discarded. Decide about it first.")


class CityUnknown(NotFound):
    code = "city_unknown"
    message = _("There is no such city.")


class ObjectUnknown(NotFound):
    code = "object_unknown"
    message = _("There is no such object in this city.")
