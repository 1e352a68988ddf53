"""Why somebody was sent away: told to that person and to moderators. See `tests/visibility.py`.

Who is in the city, and under which name, is not kept; `test_pages` and `test_together` show it.
"""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from participation.presence.services import remove_from_world
from tests.visibility import Planted, Stage, plant, secret


@plant
def a_removal(stage: Stage) -> Iterator[Planted]:
    now = timezone.now()
    removal = remove_from_world(
        person=stage.people["author"],
        city=stage.city,
        until=now + dt.timedelta(days=1),
        reason=f"{secret('removal')} 때문입니다.",
        by=stage.people["moderator"],
        at=now,
    )
    stage.visit("api-people", slug=stage.city.slug)
    stage.visit("presence:removals")
    stage.visit("presence:lift", pk=removal.pk)
    yield Planted("removal", {"author", "moderator"})
