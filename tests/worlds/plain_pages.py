"""Pages read as a browser without JavaScript reads them: links, forms and what a form sends by itself."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

Attributes = dict[str, str]


@dataclass(slots=True)
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """An answer to `client`; `send` and `follow` return the page that comes next, redirects followed."""

    def __init__(self, client: Client, response: Any) -> None:
        super().__init__()
        self.client = client
        self.path: str = response.request["PATH_INFO"]
        self.status: int = response.status_code
        self.text: str = response.content.decode()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self._select = ""
        self._text_area = ""
        self.feed(self.text)

    @classmethod
    def at(cls, client: Client, path: str) -> "Page":
        return cls(client, client.get(path, follow=True))

    def follow(self, part: str) -> "Page":
        """Follow the first link whose address contains `part`."""
        return self.at(self.client, next(link for link in self.links if part in link))

    def send(self, action: str, /, **typed: str) -> "Page":
        """Send the form whose address ends with `action`, as it stands but for what is typed."""
        form = next(form for form in self.forms if form.action.endswith(action) and form.method == "post")
        return Page(self.client, self.client.post(form.action or self.path, form.fields | typed, follow=True))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        elif tag == "form":
            self._open = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None:
            self._field(self._open, tag, told)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._text_area = ""

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._text_area:
            self._open.fields[self._text_area] = data.removeprefix("\r\n").removeprefix("\n")

    def _field(self, form: Form, tag: str, told: Attributes) -> None:
        name, kind = told.get("name", ""), told.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in told or self._select not in form.fields):
            form.fields[self._select] = told.get("value", "")
        elif tag == "textarea":
            self._text_area = name
            form.fields[name] = ""
        elif tag == "input" and name and _is_sent(kind, told):
            form.fields[name] = told.get("value", "on" if kind == "checkbox" else "")


def _is_sent(kind: str, told: Attributes) -> bool:
    return kind not in ("submit", "button") and (kind not in ("radio", "checkbox") or "checked" in told)
