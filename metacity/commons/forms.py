"""What forms of every room share."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms

Choices = Iterable[tuple[object, object]]


def offer(form: forms.BaseForm, name: str, choices: Choices) -> forms.ChoiceField:
    """What can be chosen in a field, where only the form's own making knows it; the field."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name!r} of {type(form).__name__} offers no choices.")
    field.choices = list(choices)
    return field


def offer_typed(form: forms.BaseForm, name: str, choices: Choices, coerce: Callable[[str], Any]) -> None:
    """As `offer`, and what is chosen becomes what `coerce` makes of it."""
    field = offer(form, name, choices)
    if not isinstance(field, forms.TypedChoiceField):
        raise TypeError(f"{name!r} of {type(form).__name__} makes nothing of what is chosen.")
    field.coerce = coerce
