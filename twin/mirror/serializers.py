"""The mirror's answers, field by field."""

from typing import Any

from rest_framework import serializers

from twin.mirror.models import City
from twin.mirror.vocabulary import KIND_LABELS


class NamesOut(serializers.Serializer[Any]):
    ko = serializers.CharField()
    en = serializers.CharField()


class OriginOut(serializers.Serializer[Any]):
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    height_m = serializers.FloatField()


class BoundsOut(serializers.Serializer[Any]):
    min = serializers.ListField(child=serializers.FloatField(), min_length=3, max_length=3)
    max = serializers.ListField(child=serializers.FloatField(), min_length=3, max_length=3)


class HeightsOut(serializers.Serializer[Any]):
    """A grid of ground heights: int16, little-endian, the first row in the south, the first column in the west."""

    file = serializers.CharField()
    step_m = serializers.FloatField()
    min_e = serializers.FloatField()
    min_n = serializers.FloatField()
    columns = serializers.IntegerField()
    rows = serializers.IntegerField()
    scale_m = serializers.FloatField()
    offset_m = serializers.FloatField()


class MapOut(serializers.Serializer[Any]):
    tiles = serializers.CharField()
    min_zoom = serializers.IntegerField()
    max_zoom = serializers.IntegerField()


class PublicationOut(serializers.Serializer[Any]):
    """Files are named from `base_url`; null where the city has none of the kind."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    base_url = serializers.CharField()
    bounds = BoundsOut(allow_null=True)
    buildings = serializers.CharField(allow_null=True)
    ground = serializers.CharField(allow_null=True)
    instances = serializers.CharField(allow_null=True)
    labels = serializers.CharField(allow_null=True)
    heights = HeightsOut(allow_null=True)
    map = MapOut(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), allow_null=True)
    bytes = serializers.IntegerField(allow_null=True)


class StartOut(serializers.Serializer[Any]):
    target = serializers.ListField(child=serializers.FloatField(), min_length=3, max_length=3)
    distance_m = serializers.FloatField()
    azimuth_deg = serializers.FloatField()
    pitch_deg = serializers.FloatField()


class AttributionOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    url = serializers.CharField(allow_blank=True)


class ManifestOut(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    name = NamesOut()
    time_zone = serializers.CharField()
    origin = OriginOut()
    publication = PublicationOut(allow_null=True)
    start = StartOut()
    attribution = AttributionOut(many=True)
    room = serializers.CharField()
    seq = serializers.IntegerField()


class CityOut(serializers.ModelSerializer[City]):
    name = serializers.SerializerMethodField()

    class Meta:
        model = City
        fields = ("slug", "name", "time_zone", "is_default")

    def get_name(self, city: City) -> dict[str, str]:
        return {"ko": city.name, "en": city.name_en or city.name}


class FoundOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in KIND_LABELS])
    kind_label = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    e = serializers.FloatField()
    n = serializers.FloatField()
    z = serializers.FloatField()
    lon = serializers.FloatField()
    lat = serializers.FloatField()


class SearchOut(serializers.Serializer[Any]):
    results = FoundOut(many=True)


class CardAttributionOut(AttributionOut):
    licence = serializers.CharField(allow_blank=True)


class CardOut(FoundOut):
    use = serializers.CharField(allow_blank=True)
    use_label = serializers.CharField(allow_blank=True)
    height_m = serializers.FloatField(allow_null=True)
    height_is_assumed = serializers.BooleanField(help_text="From storeys or a default, not measured.")
    storeys = serializers.IntegerField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    address = serializers.CharField(allow_blank=True)
    source = serializers.CharField()  # type: ignore[assignment]
    survey_date = serializers.DateField(allow_null=True)
    bounds = BoundsOut()
    attribution = CardAttributionOut()
