"""Every component in every state, for designers and for screenshots. Only in demo mode and while debugging."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from metacity.commons.pagination import paginate


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(
        label=gettext_lazy("Title"), help_text=gettext_lazy("At most 60 characters."), max_length=60
    )
    text = forms.CharField(
        label=gettext_lazy("What should change"), widget=forms.Textarea(attrs={"rows": 4, "data-count": "3000"})
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("park", gettext_lazy("Park and trees")), ("crosswalk", gettext_lazy("Crosswalk"))],
    )
    day = forms.DateField(
        label=gettext_lazy("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    photo = forms.FileField(
        label=gettext_lazy("Photos"), required=False, help_text=gettext_lazy("JPEG or PNG, at most 10 MB.")
    )
    where = forms.ChoiceField(
        label=gettext_lazy("Where"),
        widget=forms.RadioSelect,
        choices=[("place", gettext_lazy("At a place")), ("none", gettext_lazy("The whole district"))],
    )
    notice = forms.MultipleChoiceField(
        label=gettext_lazy("Tell me by"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("mail", gettext_lazy("E-mail")), ("text", gettext_lazy("Text message"))],
    )
    consent = forms.BooleanField(label=gettext_lazy("I agree that my proposal is shown to everyone."))


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """`/styleguide/`: the form empty and, beside it, as it comes back refused."""
    refused = SampleForm({"title": _("A longer green light in front of the school"), "kind": "park"})
    return render(
        request,
        "styleguide.html",
        {
            "form": SampleForm(auto_id="empty_%s"),
            "refused": refused,
            "steps": [_("The idea"), _("The place"), _("Check and submit")],
            "trail": [("/", _("Ideas"))],
            "tabs": [("#", _("Open now"), True), ("#", _("Answered"), False), ("#", _("Closed"), False)],
            "page": paginate(range(240), request, 20),
        },
    )


urlpatterns = [path("styleguide/", styleguide, name="styleguide")]
