"""Proposals for tests."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from metacity.accounts.models import User
from participation.processes.models import Process
from participation.proposals.content import Content, Place
from participation.proposals.models import Proposal
from participation.proposals.places import PlaceRequest, place_for
from participation.proposals.services import submit_proposal
from tests.factories.processes import a_person, a_process


def a_content(**fields: Any) -> Content:
    told = {"title": "버스 정류장에 그늘막을 놓아 주세요", "text": "여름에 햇볕이 너무 뜨거워서 서 있기 어렵습니다."}
    return Content(**{**told, **fields})


def a_place(process: Process, e: float = 10.0, n: float = 20.0) -> Place:
    return place_for(process.city, PlaceRequest("point", e=str(e), n=str(n)))


def a_proposal(
    process: Process | None = None, author: User | None = None, *, at: dt.datetime | None = None, **content: Any
) -> Proposal:
    """A submitted proposal; without a place unless one is told."""
    return submit_proposal(
        process=process or a_process(),
        author=author or a_person(),
        content=a_content(**content),
        key=uuid.uuid4(),
        at=at or timezone.now(),
    )
