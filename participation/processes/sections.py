"""What outer rooms add to a process's page and to the first page, and where each act is done.

A room registers in its `ready()`:

    sections.of_process.register(proposals_of)                     # (process, request) -> Section
    sections.of_city.register(open_votes)                          # (city, request) -> Section
    sections.register_act(Act.PROPOSE, lambda process: address)    # where “Make a proposal” leads
"""

from collections.abc import Callable

from metacity.commons.sections import Sections
from participation.processes.kinds import Act
from participation.processes.models import Process
from twin.mirror.models import City

Address = Callable[[Process], str]

of_process: Sections[Process] = Sections()
# What is open now in a city, on its first page.
of_city: Sections[City] = Sections()
_addresses: dict[Act, Address] = {}


def register_act(act: Act, address: Address) -> None:
    _addresses[act] = address


def is_offered(act: Act) -> bool:
    """Whether some room has a place where people do `act`."""
    return act in _addresses


def address_of(act: Act, process: Process) -> str:
    """Where one does `act` in the process; empty while no room offers it."""
    address = _addresses.get(act)
    return address(process) if address else ""
