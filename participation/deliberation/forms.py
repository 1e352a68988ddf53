"""The fields of a comment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from participation.deliberation.content import Remark, checked
from participation.deliberation.errors import InvalidComment
from participation.deliberation.models import TEXT_LENGTH
from participation.deliberation.scenes import LINK_LENGTH
from twin.mirror.models import City


class CommentForm(forms.Form):
    """What somebody says, with a view of the city where they add one. `key` makes sending it twice harmless."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("Your comment"),
        help_text=_("Everybody can read it. Leave out phone numbers and names of others."),
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": TEXT_LENGTH}),
    )
    scene = forms.CharField(
        label=_("A view or place"),
        help_text=_("The link of a view in the 3D city or on the map, or the name or address of a place."),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": LINK_LENGTH}),
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.city = city
        self.fields["text"].required = True
        self.fields["text"].error_messages["required"] = _("Please write something first.")

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        try:
            self.remark = checked(city=self.city, text=fields.get("text", ""), scene=fields.get("scene", ""))
        except InvalidComment as refusal:
            for name, faults in refusal.fields.items():
                if name not in self.errors:
                    self.add_error(name, faults)
        return fields

    remark: Remark


class EditForm(CommentForm):
    """As `CommentForm`, with the revision that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_767)


class WithdrawForm(forms.Form):
    """Asked before something that cannot be undone."""

    sure = forms.BooleanField(label=_("Yes, withdraw this comment."), required=True)
