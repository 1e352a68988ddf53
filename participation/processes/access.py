"""How a process is reached. One that is not published looks absent."""

from django.core.validators import slug_re

from participation.processes.errors import ProcessNotFound
from participation.processes.models import Process
from twin.mirror.models import City


def process_for(city: City, slug: str) -> Process:
    """The published process of the city with its phases, or `ProcessNotFound`."""
    # Parameters of an address hold anything, also what PostgreSQL cannot compare with.
    if not slug_re.match(slug):
        raise ProcessNotFound
    process = Process.objects.published().in_city(city).with_phases().filter(slug=slug).first()
    if process is None:
        raise ProcessNotFound
    return process
