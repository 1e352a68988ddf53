"""What is kept of a person here can be taken along, and goes when the person goes."""

import pytest
from django.test import Client
from django.utils import timezone

from metacity.accounts.data import export_all
from metacity.accounts.services.erasure import erase_account
from metacity.commons.models import Event
from participation.deliberation.models import Comment
from participation.deliberation.services import withdraw_comment
from tests.factories.comments import a_comment, a_discussed_proposal
from tests.factories.processes import a_person

pytestmark = pytest.mark.django_db


def test_every_comment_is_exported_withdrawn_ones_included() -> None:
    proposal, person = a_discussed_proposal(), a_person()
    a_comment(proposal, person, text="남길 말", scene="#lon=127&lat=37.5")
    withdraw_comment(comment=a_comment(proposal, person, text="거둘 말"), author=person, at=timezone.now())
    a_comment(proposal, text="남의 말")
    told = export_all(person)["comments"]
    assert {(one["text"], one["state"]) for one in told} == {("남길 말", "shown"), ("거둘 말", "withdrawn")}
    assert {one["title"] for one in told} == {proposal.content.title}


def test_a_person_who_leaves_takes_the_name_along_and_what_was_withdrawn_is_emptied() -> None:
    proposal, person = a_discussed_proposal(), a_person(alias="떠나는 사람")
    kept = a_comment(proposal, person, text="남길 말")
    a_comment(proposal, answers=kept, text="대답")
    withdrawn = a_comment(proposal, person, text="거둘 말")
    withdraw_comment(comment=withdrawn, author=person, at=timezone.now())
    erase_account(user=person)
    kept.refresh_from_db()
    withdrawn.refresh_from_db()
    assert (kept.author, kept.text, withdrawn.text) == (None, "남길 말", "")
    page = Client().get(proposal.get_absolute_url()).content.decode()
    assert "남길 말" in page
    assert "탈퇴한 시민" in page
    assert "떠나는 사람" not in page
    assert "떠나는 사람" not in str(list(Event.objects.values_list("payload", flat=True)))
    assert Comment.objects.count() == 3
