"""What outer rooms add to the pages of worlds.

A room registers in its `ready()`:

    parts.city_top.register(people_of)     # (city, request) -> Section; beside the search line of the 3D city
    parts.city.register(notice_of)         # over the picture of the 3D city
    parts.map_panel.register(people_on)    # in the panel beside the map
    parts.places.register(people_near)     # above the list of places

Whatever can be operated there names its action for `parity.register`.
"""

from metacity.commons.sections import Sections
from twin.mirror.models import City

city_top: Sections[City] = Sections()
city: Sections[City] = Sections()
map_panel: Sections[City] = Sections()
places: Sections[City] = Sections()
