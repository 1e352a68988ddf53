"""The API's shapes of presence."""

from typing import Any

from rest_framework import serializers

from participation.presence.models import Look


class NamedOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    badge = serializers.CharField(source="badge_label", help_text="The role in the reader's language, or empty.")


class SpotOut(serializers.Serializer[Any]):
    """People near one place. Metres of the local frame, in their middle."""

    place = serializers.CharField(help_text="Empty where nothing well known is near.")
    place_id = serializers.UUIDField(source="landmark.id", allow_null=True, default=None)
    e = serializers.FloatField()
    n = serializers.FloatField()
    count = serializers.IntegerField()
    unnamed = serializers.IntegerField()
    named = NamedOut(many=True, source="shown")


class CompanyOut(serializers.Serializer[Any]):
    """Everybody who can be seen now; `elsewhere` look at a list or a map."""

    total = serializers.IntegerField()
    is_known = serializers.BooleanField(help_text="False while nobody can tell who is here.")
    spots = SpotOut(many=True)
    elsewhere = serializers.IntegerField()
    named_elsewhere = NamedOut(many=True, source="shown_elsewhere")


class LookIn(serializers.Serializer[Any]):
    look = serializers.ChoiceField(choices=Look.choices)


class LookOut(serializers.Serializer[Any]):
    look = serializers.ChoiceField(choices=Look.choices)
    choices = serializers.ListField(child=serializers.ChoiceField(choices=Look.choices))
