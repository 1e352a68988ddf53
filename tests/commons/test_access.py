"""Who may see what: pages lead to signing in, services and the API refuse."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from metacity.accounts.roles import Role
from metacity.accounts.services.roles import grant_role
from metacity.commons.access import has_role, require_role, require_sign_in, role_required, sign_in_required
from metacity.commons.errors import Forbidden, NotSignedIn


@role_required("official", "approver")
def office(request: HttpRequest) -> HttpResponse:
    return HttpResponse("office")


@sign_in_required
def own(request: HttpRequest) -> HttpResponse:
    return HttpResponse("own")


def request_of(user: object) -> HttpRequest:
    request = RequestFactory().get("/office/?page=2")
    request.user = user  # type: ignore[assignment]
    return request


@pytest.mark.django_db
def test_an_officials_page_is_for_officials() -> None:
    official = get_user_model().objects.create_user("official@example.org")
    grant_role(user=official, role=Role.OFFICIAL, by=None)
    citizen = get_user_model().objects.create_user("citizen@example.org")
    assert office(request_of(official)).status_code == 200
    with pytest.raises(Forbidden):
        office(request_of(citizen))
    assert own(request_of(citizen)).status_code == 200


@pytest.mark.parametrize("page", [office, own])
def test_nobody_in_particular_is_led_to_signing_in_and_back(page: Callable[[HttpRequest], HttpResponse]) -> None:
    answer = page(request_of(AnonymousUser()))
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/office/%3Fpage%3D2")


@pytest.mark.django_db
def test_services_ask_the_same() -> None:
    citizen = get_user_model().objects.create_user("citizen@example.org")
    assert has_role(citizen, "official", "citizen")
    assert not has_role(AnonymousUser(), "citizen")
    require_sign_in(citizen)
    require_role(citizen, "citizen")
    with pytest.raises(Forbidden):
        require_role(citizen, "official")
    for ask in (require_sign_in, require_role):
        with pytest.raises(NotSignedIn):
            ask(AnonymousUser())
