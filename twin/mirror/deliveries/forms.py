"""What an official fills in to hand in city files, and to say what their columns mean."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import CityError
from twin.mirror.deliveries.columns import Column
from twin.mirror.deliveries.files import COMPANIONS, accepted_suffixes
from twin.mirror.deliveries.said import Said
from twin.mirror.models import City, Security
from twin.mirror.readers.crs import epsg_of

NEW_CITY = ""
# What an official can say of a column; the reader's own guess knows more attributes than anybody wants to choose from.
ATTRIBUTES = {
    "name": _("Name"),
    "name_en": _("Name in English"),
    "use": _("Use"),
    "height_m": _("Height in metres"),
    "storeys": _("Storeys above ground"),
    "year": _("Year built"),
    "address": _("Address"),
    "base_m": _("Height of the ground above the datum"),
}


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files; their list is the value."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(entry, initial) for entry in given]


class DeliveryForm(forms.Form):
    """What was typed stays when something is wrong; the files have to be chosen again, as browsers want it."""

    use_required_attribute = False

    file = FilesField(label=_("City files"))
    city = forms.ChoiceField(label=_("Into which city"), required=False)
    name = forms.CharField(
        label=_("Name of a new city"), required=False, help_text=_("Only where the files make a new city.")
    )
    name_en = forms.CharField(label=_("Its name in English"), required=False)
    slug = forms.CharField(
        label=_("Its address"), required=False, help_text=_("Small Latin letters, digits and hyphens: gaon-gu.")
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        help_text=_(
            "Whose data these are, such as “GIS building register”. What the same source brought before is replaced; "
            "other sources stay. The file's name unless given."
        ),
    )
    epsg = forms.CharField(
        label=_("Coordinate system"),
        required=False,
        help_text=_("Only where the file states none or a wrong one: EPSG:5186."),
    )
    licence = forms.CharField(label=_("Licence"), required=False)
    attribution = forms.CharField(label=_("Attribution"), required=False, help_text=_("Whom the map has to name."))
    attribution_url = forms.CharField(label=_("Address of the attribution"), required=False)
    survey_date = forms.DateField(
        label=_("Survey date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    security = forms.ChoiceField(
        label=_("Who may have it"),
        choices=Security.choices,
        initial=Security.RESTRICTED,
        widget=forms.RadioSelect,
        help_text=_(
            "Open: everybody, also in bulk. Restricted: everybody may look, nobody takes it along in bulk. Closed: the "
            "whole city is shown to the office only."
        ),
    )
    time_zone = forms.CharField(
        label=_("Time zone of a new city"),
        required=False,
        help_text=_("Such as Asia/Seoul; from the place unless given."),
    )

    def __init__(self, *args: Any, cities: Sequence[City], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(NEW_CITY, _("A new city")), *((city.slug, city.display_name) for city in cities)]
        self.fields["city"].choices = choices  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ",".join([*accepted_suffixes(), *sorted(COMPANIONS)])
        self.fields["file"].help_text = _("One file, several that belong together, or a zip. They end in {}.").format(
            ", ".join(accepted_suffixes())
        )

    def clean_epsg(self) -> int | None:
        text = self.cleaned_data["epsg"].strip()
        if not text:
            return None
        code = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else epsg_of(text)
        if code is None:
            raise forms.ValidationError(_("Write it like EPSG:5186."))
        return code

    def said(self) -> Said:
        """What was filled in, for the service."""
        told = dict(self.cleaned_data)
        told.pop("file")
        return Said(**(told | {"slug": told.pop("city") or told["slug"]}))

    def refused(self, error: CityError) -> None:
        if not error.fields:
            self.add_error("file" if error.status == 413 else None, str(error.message))
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


class ColumnsForm(forms.Form):
    """For each attribute of ours a choice among the file's columns."""

    use_required_attribute = False

    def __init__(self, *args: Any, columns: Sequence[Column], chosen: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("None")), *((column.name, _told(column)) for column in columns)]
        guesses = {column.guess: column.name for column in reversed(columns) if column.guess}
        for attribute, label in ATTRIBUTES.items():
            self.fields[attribute] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=chosen.get(attribute, guesses.get(attribute, ""))
            )

    def columns(self) -> dict[str, str]:
        """The choice as deliveries keep it; also what stands for nothing was chosen."""
        return {attribute: self.cleaned_data[attribute] for attribute in ATTRIBUTES}


def _told(column: Column) -> str:
    return f"{column.name} ({', '.join(column.samples)})" if column.samples else column.name
