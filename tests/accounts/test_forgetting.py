"""What the clock lets go."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from metacity.accounts.models import DeskVoucher, GuardianConsent, User
from metacity.accounts.services.forgetting import forget
from metacity.accounts.services.guardian import ask_guardian
from metacity.accounts.tasks import forget as forget_task
from tests.accounts.journeys import join
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = NOW + timedelta(days=30)


def test_an_account_whose_address_nobody_confirmed_is_forgotten() -> None:
    stranger, member = person(identified=False), person(identified=False)
    EmailAddress.objects.filter(user=stranger).update(verified=False)
    join(Client())
    forget(NOW)
    assert User.objects.count() == 3
    forget(LATER)
    assert set(User.objects.values_list("email", flat=True)) == {member.email, None}


def test_old_desk_codes_are_emptied_and_kept_as_a_record() -> None:
    for expires_at in (NOW + timedelta(days=1), NOW + timedelta(days=60)):
        DeskVoucher.objects.create(
            code_hmac=str(expires_at.timestamp()),
            ci_hmac="c",
            masked_name="오*구",
            birth_year=1955,
            expires_at=expires_at,
        )
    forget(LATER)
    assert sorted(DeskVoucher.objects.values_list("masked_name", flat=True)) == ["", "오*구"]


def test_an_unanswered_guardians_address_is_forgotten_and_the_child_still_waits() -> None:
    user = person()
    ask_guardian(user=user, contact="parent@example.org")
    forget(NOW)
    assert GuardianConsent.objects.get().contact == "parent@example.org"
    forget(LATER)
    assert GuardianConsent.objects.get().contact == ""
    assert User.objects.get(pk=user.pk).waits_for_guardian


def test_ended_sessions_go() -> None:
    Client().get("/accounts/login/")
    client = Client()
    client.force_login(person())
    forget_task()
    assert Session.objects.exists()
    forget(LATER)
    assert not Session.objects.exists()
