"""How a process is reached. One that is not published looks absent."""

from participation.processes.errors import ProcessNotFound
from participation.processes.models import Process
from twin.mirror.models import City


def process_for(city: City, slug: str) -> Process:
    """The published process of the city with its phases, or `ProcessNotFound`."""
    process = Process.objects.published().in_city(city).with_phases().filter(slug=slug).first()
    if process is None:
        raise ProcessNotFound
    return process
