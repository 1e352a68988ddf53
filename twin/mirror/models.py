"""The city's double as rows: what stands where, from which survey, shown since which publication.

Every geometry and every column named ``*_e``, ``*_n`` or ``*_z`` is in the city's local frame (`frame.LocalFrame`):
metres east, north and up of the city's origin.
"""

import unicodedata
import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy

from twin.mirror.cells import cells_over
from twin.mirror.deliveries.models import Delivery  # noqa: F401 - Django finds models here
from twin.mirror.designs.models import Design, DesignVersion  # noqa: F401 - Django finds models here
from twin.mirror.features import Kind
from twin.mirror.frame import LocalFrame

KINDS = [(kind.value, kind.value) for kind in Kind]


class Security(models.TextChoices):
    """Who may have the data of an import, as offices that keep spatial data class it."""

    OPEN = "open", pgettext_lazy("security class", "Open")
    RESTRICTED = (
        "restricted",
        pgettext_lazy("security class", "Restricted"),
    )  # may be looked at, not taken along in bulk
    CLOSED = "closed", pgettext_lazy("security class", "Closed")  # is shown to officials only


class City(models.Model):
    """A territory with an origin, and the publication of it that people see."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    epsg = models.PositiveIntegerField(help_text="The CRS of the first import.")
    vertical_datum = models.CharField(max_length=100, blank=True, help_text="What heights are counted from.")
    origin_lon = models.FloatField(help_text="Degrees, WGS 84.")
    origin_lat = models.FloatField(help_text="Degrees, WGS 84.")
    origin_height_m = models.FloatField(default=0.0)
    time_zone = models.CharField(max_length=50, default="Asia/Seoul")
    is_default = models.BooleanField(default=False)
    is_closed = models.BooleanField(default=False, help_text="Shown to the office only: it holds closed data.")
    publication = models.ForeignKey(
        "mirror.Publication", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "cities"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="mirror_one_default_city"
            ),
            models.CheckConstraint(
                condition=Q(origin_lon__range=(-180, 180)) & Q(origin_lat__range=(-90, 90)),
                name="mirror_origin_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def frame(self) -> LocalFrame:
        return LocalFrame(self.origin_lon, self.origin_lat, self.origin_height_m)

    @property
    def room(self) -> str:
        """The room where the city's events are announced."""
        return f"city.{self.slug}"

    @property
    def display_name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and not (get_language() or "ko").startswith("ko") else self.name


class CityImportQuerySet(models.QuerySet["CityImport"]):
    def running(self) -> Self:
        return self.filter(state=CityImport.State.RUNNING)

    def unfinished(self) -> Self:
        """Those that hold their city: being prepared, or prepared and neither published nor discarded."""
        return self.filter(state__in=CityImport.UNFINISHED)


class CityImport(models.Model):
    """One file taken into a city: where it came from, who may have it, and what was found wrong with it."""

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("import", "Running")
        READY = "ready", pgettext_lazy("import", "Ready to publish")
        DONE = "done", pgettext_lazy("import", "Published")
        FAILED = "failed", pgettext_lazy("import", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")
        DISCARDED = "discarded", pgettext_lazy("import", "Discarded")

    UNFINISHED = (State.RUNNING, State.READY)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="imports")
    source = models.CharField(max_length=100, help_text="Whose ids the objects carry. A later import replaces it.")
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=40)
    epsg = models.PositiveIntegerField()
    security = models.CharField(max_length=12, choices=Security, default=Security.RESTRICTED)
    licence = models.CharField(max_length=100, blank=True)
    attribution = models.CharField(max_length=300, blank=True)
    attribution_url = models.URLField(blank=True)
    survey_date = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    progress = models.FloatField(default=0.0)
    note = models.CharField(max_length=300, blank=True, help_text="What is being done, or why it failed.")
    columns = models.JSONField(default=dict, help_text="The file's column for each attribute that somebody chose.")
    report = models.JSONField(default=dict, help_text="The quality report; see `quality.Report`.")
    publication = models.OneToOneField(
        "mirror.Publication", on_delete=models.SET_NULL, null=True, blank=True, related_name="city_import"
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, help_text="The last sign of life while running.")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = CityImportQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "id"]
        constraints = [
            # What an import writes continues what is shown: two at a time would each continue without the other.
            models.UniqueConstraint(
                fields=["city"], condition=Q(state__in=["running", "ready"]), name="mirror_one_unfinished_import_a_city"
            ),
            models.CheckConstraint(condition=Q(progress__range=(0, 1)), name="mirror_progress_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} → {self.city_id}"


class Publication(models.Model):
    """A state of the city that was, is or will be shown, with its files under its own id.

    Of a city, at most one is current. The files of a publication never change; a withdrawn one is gone for good.

    Numbers only grow, and nothing that was shown is rewritten. To roll back is therefore to publish anew what an
    earlier publication showed, under the next number: objects that differ get copies of their earlier versions, as if a
    survey had said so, and the next import is compared with those.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", pgettext_lazy("publication", "In preparation")
        CURRENT = "current", pgettext_lazy("publication", "Current")
        PAST = "past", pgettext_lazy("publication", "Superseded")
        WITHDRAWN = "withdrawn", pgettext_lazy("publication", "Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="publications")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    manifest = models.JSONField(default=dict, help_text="What the browser needs to know of the files.")
    imports = models.ManyToManyField(
        CityImport, related_name="shown_in", help_text="Those that it shows: of each source, one."
    )
    restores = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="Rolled back to this one."
    )
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["city", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["city", "number"], name="mirror_number_once_a_city"),
            models.UniqueConstraint(
                fields=["city"], condition=Q(state="current"), name="mirror_one_current_publication_a_city"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_id} {self.number}"

    @property
    def is_prepared(self) -> bool:
        """Whether it waits to be shown, or to be discarded."""
        return self.state == self.State.PREPARING

    @property
    def can_return(self) -> bool:
        """Whether its files are still here, so that the city can be rolled back to it."""
        return self.state == self.State.PAST


class CityObject(models.Model):
    """A building, a road, a tree…: known by one id of ours for good, whatever surveys say about it later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="city_objects")
    source = models.CharField(max_length=100)
    source_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=KINDS)
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts")
    name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            # Also serves the look-up of a source's ids when it is imported again.
            models.UniqueConstraint(fields=["city", "source", "source_id"], name="mirror_source_id_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.source_id


class CityObjectVersionQuerySet(models.QuerySet["CityObjectVersion"]):
    def shown_in(self, publication: Publication) -> Self:
        """The versions that a publication shows."""
        return self.filter(city_id=publication.city_id, published_from__lte=publication.number).filter(
            Q(published_to=None) | Q(published_to__gt=publication.number)
        )

    def shown_in_city(self, city: City) -> Self:
        """The versions that the city's current publication shows; none where nothing is published."""
        return self.shown_in(city.publication) if city.publication else self.none()

    def within(self, min_e: float, min_n: float, max_e: float, max_n: float) -> Self:
        """Versions whose bounding box touches a rectangle, edges included."""
        found = self.filter(max_e__gte=min_e, min_e__lte=max_e, max_n__gte=min_n, min_n__lte=max_n)
        cells = cells_over(min_e, min_n, max_e, max_n)
        return found if cells is None else found.filter(cell__in=cells)

    def near(self, e: float, n: float, radius_m: float) -> Self:
        """Versions whose bounding box touches the square around a point."""
        return self.within(e - radius_m, n - radius_m, e + radius_m, n + radius_m)

    def named(self) -> Self:
        """Versions with a name or an address; see the partial index."""
        return self.filter(~Q(search_text=""))

    def matching(self, text: str) -> Self:
        """Versions whose name or address has every word of `text`, however spaced and capitalised."""
        found = self.named()
        for word in text.split():
            found = found.filter(search_text__contains=searchable(word))
        return found


class CityObjectVersion(models.Model):
    """What one survey says of a city object, shown from one publication until before another."""

    object = models.ForeignKey(CityObject, on_delete=models.CASCADE, related_name="versions")
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+")  # for the indexes
    city_import = models.ForeignKey(CityImport, on_delete=models.CASCADE, related_name="versions")
    kind = models.CharField(max_length=20, choices=KINDS)
    # No foreign key: an object that goes would be looked for here, among millions, without an index.
    parent = models.UUIDField(null=True, blank=True, help_text="The object that it is a part of, by its id.")
    lod = models.CharField(max_length=4, blank=True)
    geometry = models.BinaryField(help_text="WKB with z; see `geometry`.")
    semantics = models.BinaryField(blank=True, help_text="A byte for each polygon: `features.Semantic`.")
    min_e = models.FloatField()
    min_n = models.FloatField()
    min_z = models.FloatField()
    max_e = models.FloatField()
    max_n = models.FloatField()
    max_z = models.FloatField()
    cell = models.BigIntegerField(help_text="Of the box's centre; see `cells`.")
    attributes = models.JSONField(default=dict)
    search_text = models.CharField(max_length=500, blank=True, help_text="Name and address as `searchable` makes them.")
    digest = models.CharField(max_length=32, help_text="Of all that a survey can change.")
    published_from = models.PositiveIntegerField()
    published_to = models.PositiveIntegerField(null=True, blank=True)

    objects = CityObjectVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(min_e__lte=F("max_e")) & Q(min_n__lte=F("max_n")) & Q(min_z__lte=F("max_z")),
                name="mirror_box_is_not_inside_out",
            ),
            models.CheckConstraint(
                condition=Q(published_to=None) | Q(published_to__gt=F("published_from")),
                name="mirror_shown_before_replaced",
            ),
            models.UniqueConstraint(
                fields=["object"], condition=Q(published_to=None), name="mirror_one_open_version_an_object"
            ),
        ]
        indexes = [
            # What lies around a place: `within` and `near`.
            models.Index(fields=["city", "cell"], name="mirror_version_cell"),
            # Lists of one kind of object: places, trees, shelters.
            models.Index(fields=["city", "kind"], name="mirror_version_kind"),
            # Search, which reads every named version of a city: most objects have neither name nor address.
            models.Index(fields=["city", "kind", "cell"], condition=~Q(search_text=""), name="mirror_version_named"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} {self.published_from}"

    @property
    def centre(self) -> tuple[float, float, float]:
        """The middle of the bounding box on the ground: e, n and least z."""
        return (self.min_e + self.max_e) / 2, (self.min_n + self.max_n) / 2, self.min_z

    @property
    def height_m(self) -> float | None:
        """The height that the source names, else that of the geometry; None for what has no height worth telling."""
        stated: Any = self.attributes.get("height_m")
        if isinstance(stated, int | float) and not isinstance(stated, bool):
            return float(stated)
        return self.max_z - self.min_z if self.kind in {Kind.BUILDING, Kind.BUILDING_PART, Kind.BRIDGE} else None


def searchable(*texts: str) -> str:
    """Texts as they are stored for search and asked for: composed, case-folded, without blanks or what is not shown."""
    joined = unicodedata.normalize("NFKC", "|".join(text for text in texts if text)).casefold()
    return "".join(letter for letter in joined if letter.isprintable() and letter != " ")[:500]
