"""What must not be seen by everybody: how rooms plant it, and how every route is walked with every role to find it.

A room plants its own things in `tests/<room>/planting.py`; `tests/test_visibility.py` finds the module by itself:

    @plant
    def hidden_comment(stage: Stage) -> Iterator[Planted]:
        comment = a_comment(stage.proposal, author=stage.people["author"], text=f"… {secret('hiddencomment')} …")
        hide(comment)
        stage.visit("deliberation:thread", pk=comment.pk)
        yield Planted("hiddencomment", {"author", "moderator"}, at=[("deliberation:comment", {"pk": comment.pk})])

- `secret(name)` is the unmistakable word of a thing. It has to stand in everything that only some may read.
- `Planted(name, seen_by, at)`: the roles of `stage.people` that may find the word, wherever that is; everybody else
  must find it in no answer at all. `at` names routes that are about the thing alone: they answer 200 to those who may
  see it and never to others, so that a picture, which holds no words, cannot leak either. With `is_sealed`, it is
  kept and told to nobody at all.
- `stage.visit(route, **arguments)` says with which arguments a route is walked. A route with arguments that nobody
  gives any fails `test_every_route_is_walked`: plant something for it, or say in `NOT_WALKED` why there is nothing to
  find.

Every address is asked by GET, those of lists also with a search for `COMMON`, which belongs into every planted text.
With nothing in them, POST, PUT, PATCH and DELETE are asked of every address of the API and of the first of every route;
of a page's others POST alone, and not again where a city stands in the address and the view is the same. Whatever a
request changes is rolled back.
"""

import importlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from metacity.accounts.models import User
from metacity.commons.addresses import CITY_PREFIX
from participation.processes.models import Process
from participation.proposals.models import Proposal
from tests.factories.accounts import person
from tests.state_and_events import rolled_back
from twin.mirror.models import City

NOBODY = "nobody"
OFFICE = ("official", "approver", "moderator", "clerk", "operator")
ROLES = (NOBODY, "citizen", "author", *OFFICE)
EVERYBODY = frozenset(ROLES)
# A word that every planted text has, so that searches come upon it.
COMMON = "숨은낱말"
WRITING = ("POST", "PUT", "PATCH", "DELETE")
# Routes where nothing of what people write can stand, and why they are not asked.
NOT_WALKED = {
    "admin:": "Django's catch-all, and old addresses of objects.",
    "admin:view_on_site": "Leads to pages that are walked themselves.",
    "admin:app_list": "Lists of models.",
    "openid": "Leads to the identity provider.",
    "api-schema": "The shapes of answers, without any content.",
}

Arguments = dict[str, Any]
Address = tuple[str, Arguments]
Planting = Callable[["Stage"], Iterator["Planted"]]

_plantings: list[Planting] = []


def secret(name: str) -> str:
    """A word that nothing else says; plain letters, so that no encoding changes it."""
    return f"xq{name}qx"


@dataclass(frozen=True, slots=True)
class Planted:
    """Something with a secret word, and the roles that may find it."""

    name: str
    seen_by: Collection[str]
    at: Collection[Address] = ()
    is_sealed: bool = False

    @property
    def word(self) -> str:
        return secret(self.name)


@dataclass(slots=True)
class Stage:
    """A city with a project, a public proposal, and one person for every role."""

    city: City
    process: Process
    proposal: Proposal
    people: dict[str, User]
    visits: dict[str, list[Arguments]] = field(default_factory=dict)

    def visit(self, route: str, **arguments: Any) -> None:
        self.visits.setdefault(route, []).append(arguments)


def plant(planting: Planting) -> Planting:
    _plantings.append(planting)
    return planting


def planted_on(stage: Stage) -> list[Planted]:
    """Everything that the rooms plant, in the order of their names."""
    for file in sorted(Path(__file__).parent.glob("*/planting.py")):
        importlib.import_module(f"tests.{file.parent.name}.planting")
    found = [thing for planting in _plantings for thing in planting(stage)]
    for thing in found:
        for route, arguments in thing.at:
            stage.visit(route, **arguments)
    return found


def cast() -> dict[str, User]:
    """One person for every role; nobody is nobody. Officials have their second factor, as the office asks for it."""
    people = {role: person(roles=[role], second_factor=True) for role in OFFICE}
    return people | {name: person() for name in ("citizen", "author")}


# --- Routes ---


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    parameters: frozenset[str]

    @property
    def plain(self) -> str:
        """The name under which its arguments are told: those of the default city and of others are the same."""
        return self.name.removeprefix(CITY_PREFIX)

    @property
    def is_of_a_list(self) -> bool:
        return not self.parameters - {"city", "slug"}

    def writing(self, address: str) -> Collection[str]:
        """The methods that may do something at any address of the route, and not at its first alone."""
        if address.startswith("/api/"):
            return WRITING
        return () if self.name.startswith(CITY_PREFIX) else ("POST",)

    def addresses(self, stage: Stage) -> list[str]:
        """Nothing where nobody has said with which arguments."""
        if self.name.startswith(CITY_PREFIX):
            known = stage.visits.get(self.plain, [] if self.parameters - {"city"} else [{}])
            return [reverse(self.name, kwargs={"city": stage.city.slug, **arguments}) for arguments in known]
        known = stage.visits.get(self.name, [] if self.parameters else [{}])
        return [reverse(self.name, kwargs=arguments) for arguments in known]


def routes() -> list[Route]:
    """Every named route of the site, without those of Django's admin that show one object."""
    return [route for route in _walk(get_resolver().url_patterns) if not _is_left_out(route)]


def _walk(patterns: Any, namespace: str = "", above: frozenset[str] = frozenset()) -> Iterator[Route]:
    for pattern in patterns:
        parameters = above | pattern.pattern.regex.groupindex.keys()
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, parameters)
        elif isinstance(pattern, URLPattern):
            yield Route(f"{namespace}{pattern.name or ''}", parameters)


def _is_left_out(route: Route) -> bool:
    if route.name.startswith("admin:") and "object_id" in route.parameters:
        return True  # for the operator alone, as the lists above them, which are walked
    return any(route.name == name or route.name.startswith(f"{name}_") for name in NOT_WALKED)


# --- Walking ---


@dataclass(frozen=True, slots=True)
class Answer:
    method: str
    address: str
    status: int
    text: str


class Walker:
    """A browser of somebody with one role, as new for every request."""

    def __init__(self, user: User | None) -> None:
        self._client = Client()
        if user is not None:
            self._client.force_login(user)
        self._cookies = self._client.cookies.output()

    def ask(self, method: str, address: str) -> Answer:
        self._client.cookies = SimpleCookie()
        self._client.cookies.load(self._cookies.replace("Set-Cookie: ", "").replace("\r\n", "; "))
        with rolled_back():
            if method == "POST" and not address.startswith("/api/"):
                response = self._client.post(address)
            else:
                told = {} if method == "GET" else {"data": "{}", "content_type": "application/json"}
                response = self._client.generic(method, address, **told)
        return Answer(method, address, response.status_code, _all_of(response))


def _all_of(response: Any) -> str:
    """Body and headers, in which a redirection may tell something."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{dict(response.headers)} {body.decode(errors='replace')}"
