"""What the API of the office's imports takes and answers, field by field."""

from typing import Any

from rest_framework import serializers

from twin.mirror.deliveries.columns import Column
from twin.mirror.deliveries.models import Delivery
from twin.mirror.deliveries.said import Said
from twin.mirror.models import CityImport, Publication, Security
from twin.mirror.summary import summary


class ColumnsField(serializers.JSONField):
    """`{"height_m": "HEIGHT"}`: the file's column for an attribute of ours; an empty one stands for none."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        told = super().to_internal_value(data)
        if not isinstance(told, dict):
            self.fail("invalid")
        return {str(attribute): str(column) for attribute, column in told.items()}


class DeliveryIn(serializers.Serializer[Said]):
    file = serializers.ListField(
        child=serializers.FileField(), allow_empty=False, help_text="One file, several that belong together, or a zip."
    )
    slug = serializers.CharField(max_length=60, help_text="A city that is there, or one that is made.")
    name = serializers.CharField(required=False, allow_blank=True, help_text="Of a new city.")
    name_en = serializers.CharField(required=False, allow_blank=True)
    time_zone = serializers.CharField(required=False, allow_blank=True)
    source = serializers.CharField(required=False, allow_blank=True)  # type: ignore[assignment]
    epsg = serializers.IntegerField(required=False, min_value=1, max_value=999_999)
    security = serializers.ChoiceField(choices=Security.choices, required=False)
    licence = serializers.CharField(required=False, allow_blank=True)
    attribution = serializers.CharField(required=False, allow_blank=True)
    attribution_url = serializers.CharField(required=False, allow_blank=True)
    survey_date = serializers.DateField(required=False)
    columns = ColumnsField(required=False, binary=True)


class StartIn(serializers.Serializer[Any]):
    columns = ColumnsField(required=False)


class ColumnOut(serializers.Serializer[Column]):
    name = serializers.CharField()
    samples = serializers.ListField(child=serializers.CharField())
    guess = serializers.CharField(allow_blank=True)


class DeliveryOut(serializers.ModelSerializer[Delivery]):
    """`note` says what is being done, or why the files were not accepted. `import` is there once it has begun."""

    city = serializers.CharField(source="slug")
    city_import = serializers.UUIDField(source="city_import_id", allow_null=True)
    columns = serializers.DictField(child=serializers.CharField(allow_blank=True))

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = (
            "id", "city", "file_name", "size_bytes", "source", "security", "state", "progress", "note", "columns",
            "city_import", "created_at", "finished_at", "room",
        )  # fmt: skip


class DeliveryDetailOut(DeliveryOut):
    """With the columns of a table that wait to be chosen, and the number of the last event of `room`."""

    found_columns = ColumnOut(many=True)
    seq = serializers.IntegerField()

    class Meta(DeliveryOut.Meta):
        fields = (*DeliveryOut.Meta.fields, "found_columns", "seq")


class ImportOut(serializers.ModelSerializer[CityImport]):
    """`publication` is what it is shown in, or would be."""

    publication = serializers.UUIDField(source="publication_id", allow_null=True)

    class Meta:
        model = CityImport
        fields: tuple[str, ...] = (
            "id", "source", "file_name", "file_sha256", "format", "epsg", "security", "licence", "attribution",
            "attribution_url", "survey_date", "state", "progress", "note", "publication", "started_at", "finished_at",
        )  # fmt: skip


class ImportDetailOut(ImportOut):
    """With the quality report, and what it says in a few sentences. Faults: see `report.faults`.

    Their items are `[source_id, detail]`, or `[source_id, detail, object_id, e, n]` in local metres where they stand.
    """

    summary = serializers.SerializerMethodField()
    report = serializers.DictField()

    class Meta(ImportOut.Meta):
        fields = (*ImportOut.Meta.fields, "summary", "report")

    def get_summary(self, city_import: CityImport) -> list[str]:
        return summary(city_import.report)


class OfficePublicationOut(serializers.ModelSerializer[Publication]):
    restores = serializers.UUIDField(source="restores_id", allow_null=True)
    can_return = serializers.BooleanField()

    class Meta:
        model = Publication
        fields = ("id", "number", "state", "restores", "can_return", "created_at", "published_at")
