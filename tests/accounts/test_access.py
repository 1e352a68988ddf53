from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from metacity.accounts import access, consents
from metacity.accounts.errors import ConsentRequired, GuardianRequired, NotIdentified, SecondFactorRequired
from metacity.accounts.models import User
from metacity.accounts.roles import OFFICE_ROLES, Role
from metacity.accounts.services.consents import withdraw_consent
from metacity.accounts.services.guardian import declare_child
from metacity.accounts.services.roles import grant_role, revoke_role
from metacity.commons import events
from metacity.commons.errors import CityError, Conflict, Forbidden, NotSignedIn
from metacity.commons.models import LedgerEntry
from tests.factories.accounts import person, signed_in

pytestmark = pytest.mark.django_db


def test_nobody_in_particular_may_not_write() -> None:
    for require in (access.require_signed_in, access.require_member, access.require_identified, access.require_office):
        with pytest.raises(NotSignedIn):
            require(AnonymousUser())


def test_a_member_without_identity_may_write_but_not_what_counts() -> None:
    user = person(identified=False)
    assert access.require_member(user) == user
    with pytest.raises(NotIdentified) as refusal:
        access.require_identified(user)
    assert (refusal.value.status, refusal.value.code) == (403, "identity_required")


def test_an_identified_member_may_do_what_counts() -> None:
    user = person()
    assert access.require_identified(user) == user


def test_one_who_has_not_agreed_only_reads() -> None:
    with pytest.raises(ConsentRequired):
        access.require_identified(person(agreed=False))


def test_a_new_version_of_a_required_text_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    user = person()
    newer = tuple(
        consents.ConsentText(t.item, t.version + 1, t.is_required, t.asked_at, t.wordings) for t in consents.texts()
    )
    monkeypatch.setattr(consents, "texts", lambda: newer)
    with pytest.raises(ConsentRequired):
        access.require_member(user)


def test_a_child_without_a_guardian_only_reads() -> None:
    user = person()
    declare_child(user=user)
    with pytest.raises(GuardianRequired):
        access.require_identified(User.objects.get(pk=user.pk))


def test_a_closed_account_has_no_rights() -> None:
    user = person(roles=[Role.OFFICIAL], is_active=False)
    assert user.roles == frozenset()
    with pytest.raises(NotSignedIn):
        access.require_office(user)


@pytest.mark.parametrize("role", sorted(Role))
@pytest.mark.parametrize("wanted", sorted(OFFICE_ROLES))
def test_a_role_opens_its_own_pages_only(role: str, wanted: str) -> None:
    user = person(roles=[] if role == Role.CITIZEN else [role])
    if role == wanted:
        assert access.require_office(user, wanted) == user
    else:
        with pytest.raises(Forbidden):
            access.require_office(user, wanted)


def test_every_account_is_a_citizen_and_that_role_is_not_granted() -> None:
    user = person()
    assert user.roles == {"citizen"}
    with pytest.raises(CityError):
        grant_role(user=user, role="citizen", by=None)
    with pytest.raises(CityError):
        grant_role(user=user, role="mayor", by=None)
    assert user.role_grants.count() == 0


def test_granting_and_taking_back_a_role_are_recorded_once() -> None:
    operator, user = person(), person()
    assert grant_role(user=user, role="clerk", by=operator) is True
    assert grant_role(user=user, role="clerk", by=operator) is False
    assert user.has_role("clerk")
    assert revoke_role(user=user, role="clerk", by=operator) is True
    assert revoke_role(user=user, role="clerk", by=operator) is False
    assert not user.has_role("clerk")
    entries = LedgerEntry.objects.filter(action__startswith="role.").order_by("number")
    assert [(entry.action, entry.actor, entry.facts) for entry in entries] == [
        ("role.granted", operator.actor_id, {"role": "clerk"}),
        ("role.revoked", operator.actor_id, {"role": "clerk"}),
    ]


def test_the_office_needs_a_second_factor() -> None:
    plain, strong = person(roles=["official"]), person(roles=["official"], second_factor=True)
    answer = signed_in(plain).get(reverse("accounts:desk"))
    assert answer.status_code == 302
    assert answer["Location"] == "/me/second-factor/?next=%2Foffice%2Fdesk%2F"
    assert signed_in(strong).get(reverse("accounts:desk")).status_code == 200


def test_the_office_is_closed_to_citizens_and_leads_strangers_to_signing_in() -> None:
    desk = reverse("accounts:desk")
    assert signed_in(person()).get(desk).status_code == 403
    assert signed_in(person(roles=["moderator"], second_factor=True)).get(desk).status_code == 403
    assert Client().get(desk)["Location"] == "/accounts/login/?next=/office/desk/"


@pytest.mark.parametrize(
    ("mode", "seeded", "address", "opens"),
    [
        ("demo", True, "127.0.0.1", True),
        ("demo", True, "::1", True),
        ("demo", True, "192.0.2.7", False),
        ("demo", True, "", False),
        ("demo", False, "127.0.0.1", False),
        ("test", True, "127.0.0.1", False),
    ],
)
def test_the_second_factor_is_waived_for_the_demos_people_on_this_machine_only(
    settings: Settings, rf: RequestFactory, mode: str, seeded: bool, address: str, opens: bool
) -> None:
    settings.MODE = mode
    request = rf.get("/", REMOTE_ADDR=address)
    request.user = person(roles=["official"], is_seeded=seeded)
    if opens:
        assert access.require_office_request(request, "official") == request.user
    else:
        with pytest.raises(SecondFactorRequired):
            access.require_office_request(request, "official")


def test_an_office_page_without_second_factor_says_so(settings: Settings) -> None:
    settings.MODE = "demo"
    page = signed_in(person(roles=["official"], is_seeded=True)).get(reverse("accounts:desk"))
    assert "2단계 인증 없이" in page.content.decode()


def test_a_required_consent_is_not_withdrawn_alone() -> None:
    user = person()
    with pytest.raises(Conflict):
        withdraw_consent(user=user, item="terms")
    assert access.require_member(user) == user


def test_djangos_admin_is_the_operators() -> None:
    admin = reverse("admin:index")
    assert signed_in(person(roles=["operator"], second_factor=True)).get(admin).status_code == 200
    assert signed_in(person(roles=["operator"])).get(admin, follow=True).request["PATH_INFO"] == "/me/second-factor/"
    assert signed_in(person(roles=["official"], second_factor=True)).get(admin, follow=True).status_code == 403
    assert Client().get(admin, follow=True).request["PATH_INFO"] == "/accounts/login/"


def test_the_admin_shows_people_and_changes_nobody() -> None:
    operator, user = person(roles=["operator"], second_factor=True), person()
    client = signed_in(operator)
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200
    page = client.get(reverse("admin:accounts_user_change", args=[user.pk]))
    assert page.status_code == 200
    assert user.password not in page.content.decode()
    assert client.post(reverse("admin:accounts_user_change", args=[user.pk]), {"email": "x@y.kr"}).status_code == 403
    checks = client.get(reverse("admin:accounts_identitycheck_change", args=[user.identity_check.pk]))
    assert user.identity_check.ci_hmac not in checks.content.decode()


def test_a_role_that_is_taken_back_reaches_open_sockets(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[User] = []
    monkeypatch.setattr(events, "revoke", told.append)
    user = person(roles=["clerk"])
    with django_capture_on_commit_callbacks(execute=True):
        revoke_role(user=user, role="clerk", by=None)
    assert told == [user]
