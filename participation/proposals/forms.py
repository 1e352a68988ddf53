"""The fields of the three screens. A draft keeps what was typed whether or not a form likes it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from metacity.commons.forms import offer
from metacity.commons.i18n import localised
from participation.processes.models import Process
from participation.proposals.content import ShownPhoto, checked
from participation.proposals.errors import InvalidContent
from participation.proposals.models import Photo
from participation.proposals.models.photos import ALT_LENGTH, MOST_PHOTOS
from participation.proposals.models.proposals import REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH

# The names of the fields that describe photos begin with it.
ALT = "alt-"


class Wish(models.TextChoices):
    """Most first posts are complaints; those are handled faster elsewhere."""

    PROPOSAL = "proposal", _("A proposal: something new or better for the district")
    COMPLAINT = "complaint", _("A complaint: something broken, dangerous or wrong right now")


class PhotosInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})


class AltField(forms.CharField):
    """What a photo shows, in words."""

    def __init__(self, number: int, photo: Photo) -> None:
        super().__init__(
            label=_("What does photo %(number)d show?") % {"number": number},
            help_text=_("One sentence for people who cannot see it."),
            error_messages={"required": _("Please say in a few words what this photo shows.")},
            initial=photo.alt,
            strip=False,
            widget=forms.TextInput(attrs={"autocomplete": "off", "data-count": ALT_LENGTH}),
        )


def alt_field(photo: Photo) -> str:
    return f"{ALT}{photo.pk}"


class WhatForm(forms.Form):
    """Screen 1: what is it about."""

    use_required_attribute = False

    wish = forms.ChoiceField(
        label=_("Is it a complaint or a proposal?"),
        choices=Wish.choices,
        initial=Wish.PROPOSAL,
        widget=forms.RadioSelect,
    )
    process = forms.ChoiceField(label=_("Project"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Title"),
        help_text=_("Say it in one line, so that a neighbour knows at once what you would like."),
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-count": TITLE_LENGTH, "enterkeyhint": "next"}),
    )
    text = forms.CharField(
        label=_("What and why"),
        help_text=_("What should be different? For whom, and why here? Leave out phone numbers and names of others."),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "data-count": TEXT_LENGTH}),
    )
    reason = forms.CharField(
        label=_("What did you change?"),
        help_text=_("One line for those who read the earlier version."),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-count": REASON_LENGTH}),
    )

    photos = forms.FileField(
        label=_("Add photos"),
        help_text=_(
            "Up to 5, each up to 15 MB: JPEG, PNG or WebP. Place, time and device are removed from the file. "
            "Leave out faces and number plates of others."
        ),
        required=False,
        widget=PhotosInput,
    )

    def __init__(
        self, *args: Any, processes: list[Process], revises: bool = False, photos: Sequence[Photo] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._photos = photos
        for number, photo in enumerate(photos, 1):
            self.fields[alt_field(photo)] = AltField(number, photo)
        for name in ("title", "text"):
            self.fields[name].error_messages["required"] = _("Please fill this in.")
        if revises:
            del self.fields["wish"], self.fields["process"]
            return
        del self.fields["reason"]
        slugs = [(process.slug, localised(process, "title")) for process in processes]
        offer(self, "process", slugs).initial = slugs[0][0] if slugs else ""

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        photos = [ShownPhoto(photo.stored, fields.get(alt_field(photo), "")) for photo in self._photos]
        # What the check calls `photos.0` is the description of the first photo here.
        alts = {f"photos.{number}": alt_field(photo) for number, photo in enumerate(self._photos)}
        told = {name: fields.get(name, "") for name in ("title", "text", "reason")}
        try:
            checked(**told, photos=photos)
        except InvalidContent as refusal:
            for fault, texts in refusal.fields.items():
                name = alts.get(fault, fault)
                if name in self.fields and name not in self.errors:
                    self.add_error(name, texts)
        return fields

    @property
    def told_fields(self) -> list[forms.BoundField]:
        """What is said in words: everything but the photos."""
        return [field for field in self if field.name != "photos" and not field.name.startswith(ALT)]

    @property
    def photo_fields(self) -> list[tuple[Photo, forms.BoundField]]:
        """Each photo with the field of its description."""
        return [(photo, self[alt_field(photo)]) for photo in self._photos]

    @property
    def takes_photos(self) -> bool:
        return len(self._photos) < MOST_PHOTOS

    @property
    def is_complaint(self) -> bool:
        return "wish" in self.fields and self.data.get("wish") == Wish.COMPLAINT


class CheckForm(forms.Form):
    """Screen 3: that it becomes public is understood."""

    use_required_attribute = False

    public = forms.BooleanField(
        label=_("I know that everybody can read my proposal, with the name shown above."),
        error_messages={"required": _("Please confirm this before you submit.")},
    )


class WithdrawForm(forms.Form):
    """Asked before something that cannot be undone."""

    sure = forms.BooleanField(label=_("Yes, withdraw this proposal."), required=True)
