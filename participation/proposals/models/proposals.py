"""Proposals and their versions. A proposal is what one talks about; a version is what its author wrote."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.i18n import localised
from participation.moderation.access import may_moderate
from participation.processes.models import Process
from participation.proposals.errors import StateChanged
from participation.proposals.states import LISTED, REVISABLE, SUPPORTABLE, State, may_follow
from twin.mirror.designs.changes import ChangeSet
from twin.mirror.designs.models import DesignVersion
from twin.mirror.models import City, CityObject

TITLE_LENGTH = 80
TEXT_LENGTH = 10_000
REASON_LENGTH = 200


class PlaceKind(models.TextChoices):
    """How a proposal names its place."""

    NONE = "none", gettext_lazy("The whole district")
    POINT = "point", gettext_lazy("A spot")
    OBJECT = "object", gettext_lazy("A building or facility")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def in_city(self, city: City) -> ProposalQuerySet:
        return self.filter(city=city)

    def listed(self) -> ProposalQuerySet:
        """Those shown in lists, on maps and in the city."""
        return self.filter(state__in=LISTED, hidden_at=None)

    def readable_by(self, user: Visitor) -> ProposalQuerySet:
        """Those that `user` may read: what is withdrawn its author alone, what is hidden moderators too."""
        standing = self.exclude(state=State.WITHDRAWN)
        shown = standing if may_moderate(user) else standing.filter(hidden_at=None)
        return shown | self.filter(author=user.pk) if user.pk else shown

    def with_content(self) -> ProposalQuerySet:
        """What a list shows, without the long text."""
        return self.select_related("current", "process", "author", "city").defer(
            "current__text", "current__search_text"
        )

    def showing(self, versions: models.QuerySet[DesignVersion]) -> ProposalQuerySet:
        """Those whose present version has one of these designs, in the order of their rooms."""
        return self.filter(current__design_version__in=versions).order_by("pk")

    def mentioning(self, words: str) -> ProposalQuerySet:
        """Those whose title, text or place contains every one of the words."""
        found = self
        for word in words.lower().split()[:8]:
            found = found.filter(current__search_text__contains=word)
        return found

    def near(self, *, e: float, n: float, radius_m: float) -> ProposalQuerySet:
        """Those placed within a square of twice `radius_m` around a point in the city's local frame."""
        return self.filter(
            current__e__range=(e - radius_m, e + radius_m), current__n__range=(n - radius_m, n + radius_m)
        )

    def newest(self) -> ProposalQuerySet:
        return self.order_by("-submitted_at", "-number")

    def most_supported(self) -> ProposalQuerySet:
        return self.order_by("-supports_count", "-submitted_at", "-number")

    def seen_by(self, user: Visitor) -> ProposalQuerySet:
        """With `is_supported`: whether `user` supports each."""
        from participation.proposals.models.supports import Support

        mine = Support.objects.filter(proposal=models.OuterRef("pk"), person=user.pk)
        return self.annotate(is_supported=models.Exists(mine) if user.pk else models.Value(False))

    def by_author(self, user: User) -> ProposalQuerySet:
        return self.filter(author=user)


class Proposal(models.Model):
    """An idea for a city, numbered in the order of submission."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="proposals")
    # Null once the author has left: the text stays, the person does not.
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="proposals")
    state = models.CharField(max_length=12, choices=State.choices, default=State.SUBMITTED)
    state_changed_at = models.DateTimeField(default=clocks.now)
    submitted_at = models.DateTimeField(default=clocks.now)
    # What it says now. Null only inside the transaction that writes its first version.
    current = models.OneToOneField("ProposalVersion", on_delete=models.PROTECT, null=True, related_name="+")
    supports_count = models.PositiveIntegerField(default=0)
    # Since when moderation keeps it from everybody but its author: see `proposals.moderated`.
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("proposal")
        verbose_name_plural = gettext_lazy("proposals")
        ordering = ("-submitted_at",)
        constraints = [
            models.UniqueConstraint(fields=("city", "number"), name="proposal_number_is_unique_in_its_city"),
            models.CheckConstraint(condition=Q(supports_count__gte=0), name="proposal_supports_are_not_negative"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="proposal_state_is_known"),
        ]
        indexes = [
            # The list of a city, newest first.
            models.Index(fields=("city", "-submitted_at", "-number"), name="proposal_newest"),
            # The list of a city, most supported first.
            models.Index(
                fields=("city", "-supports_count", "-submitted_at", "-number"), name="proposal_most_supported"
            ),
            # The list of a city in one state; counting what is listed.
            models.Index(fields=("city", "state", "-submitted_at"), name="proposal_by_state"),
            # A process's own proposals, newest first.
            models.Index(fields=("process", "-submitted_at"), name="proposal_by_process"),
        ]

    def __str__(self) -> str:
        return f"{self.city_id} {self.number}"

    def get_absolute_url(self) -> str:
        return city_url("proposals:detail", self.city, self.id)

    @property
    def room(self) -> str:
        """The room in which its events are announced."""
        return f"proposal.{self.id}"

    @property
    def subject(self) -> str:
        """Its name in the ledger."""
        return f"proposal:{self.id}"

    @property
    def content(self) -> ProposalVersion:
        """What it says now."""
        if self.current is None:
            raise RuntimeError(f"Proposal {self.id} has no version.")
        return self.current

    @property
    def author_name(self) -> str:
        return self.author.display_name if self.author else _("A citizen who has left")

    @property
    def is_withdrawn(self) -> bool:
        return self.state == State.WITHDRAWN

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def is_listed(self) -> bool:
        return self.state in LISTED and not self.is_hidden

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return not self.is_hidden and not self.is_withdrawn

    @property
    def is_revisable(self) -> bool:
        """Not while it is hidden: what is weighed then is what was decided on."""
        return self.state in REVISABLE and not self.is_hidden

    @property
    def takes_support(self) -> bool:
        return self.state in SUPPORTABLE and not self.is_hidden

    @property
    def may_be_withdrawn(self) -> bool:
        return may_follow(self.state, State.WITHDRAWN)

    def is_written_by(self, user: Visitor) -> bool:
        return self.author_id is not None and self.author_id == user.pk

    def hide(self, at: datetime) -> None:
        Proposal.objects.filter(pk=self.pk).update(hidden_at=at)
        self.hidden_at = at

    def unhide(self) -> None:
        Proposal.objects.filter(pk=self.pk).update(hidden_at=None)
        self.hidden_at = None

    def move_to(self, state: State, *, at: datetime) -> None:
        """Go on to `state`, unless the table of transitions or somebody faster forbids it (`StateChanged`)."""
        if not may_follow(self.state, state):
            raise StateChanged
        moved = Proposal.objects.filter(pk=self.pk, state=self.state).update(state=state, state_changed_at=at)
        if not moved:
            raise StateChanged
        self.state, self.state_changed_at = state, at

    def show(self, version: ProposalVersion) -> None:
        """Make `version` what the proposal says now."""
        self.current = version
        self.save(update_fields=["current"])

    def count_supports(self, change: int) -> int:
        """Add `change` to the counter and return it as it is now; the row stays locked until the end."""
        Proposal.objects.filter(pk=self.pk).update(supports_count=F("supports_count") + change)
        self.refresh_from_db(fields=["supports_count"])
        return self.supports_count


class ProposalVersion(models.Model):
    """What the author wrote at one time. Versions are never changed, only followed."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    # Names the act of submitting: a second click carries the same key and makes nothing new.
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=TITLE_LENGTH)
    text = models.TextField()
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    place_kind = models.CharField(max_length=6, choices=PlaceKind.choices, default=PlaceKind.NONE)
    # In the city's local frame (east, north, up; metres) and as geodetic degrees for the map.
    e = models.FloatField(null=True, blank=True)
    n = models.FloatField(null=True, blank=True)
    z = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    object = models.ForeignKey(CityObject, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    place_words = models.CharField(max_length=200, blank=True)
    place_words_en = models.CharField(max_length=200, blank=True)
    # What it would change in the twin; ideas in words have none.
    design_version = models.ForeignKey(
        DesignVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposal_versions"
    )
    # Title, text and place in lower case, so that one comparison a word searches all three.
    search_text = models.TextField(editable=False)
    created_at = models.DateTimeField(default=clocks.now)

    class Meta:
        verbose_name = gettext_lazy("version")
        verbose_name_plural = gettext_lazy("versions")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=("proposal", "number"), name="version_number_is_unique_in_its_proposal"),
            models.CheckConstraint(
                condition=Q(place_kind=PlaceKind.NONE, e__isnull=True, n__isnull=True)
                | Q(~Q(place_kind=PlaceKind.NONE), e__isnull=False, n__isnull=False, lon__isnull=False),
                name="version_has_a_place_or_none",
            ),
        ]
        # Proposals near a point.
        indexes = [models.Index(fields=("e", "n"), name="version_by_place")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = "\n".join((self.title, self.text, self.place_words, self.place_words_en)).lower()
        super().save(*args, **kwargs)

    @property
    def place_shown(self) -> str:
        """The place in words, in the language of the page."""
        if not self.has_place:
            return _("The whole district")
        return localised(self, "place_words") or _("A spot on the map")

    @property
    def has_place(self) -> bool:
        return self.place_kind != PlaceKind.NONE

    @property
    def has_design(self) -> bool:
        return self.design_version_id is not None

    @property
    def design(self) -> ChangeSet | None:
        """What it would change in the twin."""
        return self.design_version.change_set if self.design_version else None

    @property
    def label(self) -> str:
        """“First version”, “2nd revision”… as people count them."""
        return _("Original") if self.number == 1 else _("Revision %(n)d") % {"n": self.number - 1}


class ProposalCounter(models.Model):
    """The last number given in a city. Its row is the lock under which submissions queue."""

    city = models.OneToOneField(City, on_delete=models.CASCADE, primary_key=True, related_name="+")
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = gettext_lazy("proposal counter")
        verbose_name_plural = gettext_lazy("proposal counters")

    def __str__(self) -> str:
        return f"{self.city_id} {self.last_number}"

    @classmethod
    def locked(cls, city: City) -> ProposalCounter:
        """The city's counter, once nobody else submits there; held until the transaction ends."""
        counter, _created = cls.objects.select_for_update().get_or_create(city=city)
        return counter

    def take(self) -> int:
        """The next number. Only under `locked`; a rollback gives it back."""
        self.last_number += 1
        self.save(update_fields=["last_number"])
        return self.last_number
