"""Proposals for tests."""

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from metacity.accounts.models import User
from metacity.accounts.roles import Role
from participation.processes.models import Process
from participation.proposals.content import Content, Place
from participation.proposals.models import Department, Proposal
from participation.proposals.officework import AnswerContent, checked_answer
from participation.proposals.places import PlaceRequest, place_for
from participation.proposals.services import (
    approve_answer,
    begin_review,
    give_support,
    hand_in_answer,
    submit_proposal,
)
from tests.factories.accounts import person
from tests.factories.processes import a_person, a_process
from twin.mirror.models import City

_numbers = itertools.count(1)


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


def a_department(city: City, name: str = "", *, members: Iterable[User] = (), **fields: Any) -> Department:
    number = next(_numbers)
    department = Department.objects.create(city=city, name=name or f"부서 {number}과", **fields)
    department.members.set(members)
    return department


def an_official(**fields: Any) -> User:
    return person(roles=[Role.OFFICIAL], second_factor=True, **fields)


def an_approver(**fields: Any) -> User:
    """A team leader, who is an official as well."""
    return person(roles=[Role.OFFICIAL, Role.APPROVER], second_factor=True, **fields)


def supported(proposal: Proposal, count: int, *, at: dt.datetime | None = None) -> Proposal:
    """With so many supports of people of their own, given one after another; as it is afterwards."""
    for _number in range(count):
        give_support(proposal=fresh(proposal), person=a_person(), at=at or timezone.now())
    return fresh(proposal)


def in_review(
    proposal: Proposal | None = None, by: User | None = None, *, at: dt.datetime | None = None, **process: Any
) -> Proposal:
    """A proposal that an official has begun to look into, in a department of its city."""
    proposal = proposal or a_proposal(a_process(**process), at=at)
    official = by or an_official()
    department = Department.objects.in_city(proposal.city).first() or a_department(proposal.city)
    begin_review(proposal=proposal, by=official, department=department, at=at or timezone.now())
    return fresh(proposal)


def an_answer(decision: str = "accepted", **fields: Any) -> AnswerContent:
    told = {"text": "제안하신 대로 내년 봄에 그늘막을 두 곳 놓겠습니다.", "next_steps": "3월까지 자리를 정합니다."}
    return checked_answer(**({"decision": decision} | told | fields))


def answered(
    proposal: Proposal, decision: str = "accepted", *, at: dt.datetime | None = None, **fields: Any
) -> Proposal:
    """Answered by one and approved by another; as it is afterwards."""
    at = at or timezone.now()
    answer = hand_in_answer(proposal=proposal, by=an_official(), content=an_answer(decision, **fields), at=at)
    approve_answer(proposal=proposal, by=an_approver(), revision=answer.revision, at=at)
    return fresh(proposal)


def fresh(proposal: Proposal) -> Proposal:
    """As it is in the database now."""
    found = Proposal.objects.select_related("current", "process", "author", "city", "deadline", "department")
    return found.get(pk=proposal.pk)
