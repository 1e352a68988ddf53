"""The words that describe a process: what it is, what its phases let people do, what may be designed, on which land."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProcessKind(models.TextChoices):
    """What a process is for."""

    IDEAS = "ideas", _("Idea collection")
    CONSULTATION = "consultation", _("Plan consultation")
    BUDGET = "budget", _("Participatory budget")
    LIVING_LAB = "living_lab", _("Living lab")
    PETITION = "petition", _("Petition")


class PhaseKind(models.TextChoices):
    """What a stage of a process is about."""

    INFORMATION = "information", _("Information")
    COLLECTION = "collection", _("Proposals")
    DISCUSSION = "discussion", _("Discussion")
    REVIEW = "review", _("Review by the office")
    VOTE = "vote", _("Vote")
    MEETING = "meeting", _("Meeting")
    RESULT = "result", _("Result")


class Act(models.TextChoices):
    """What a phase may let people do."""

    PROPOSE = "propose", _("Make a proposal")
    COMMENT = "comment", _("Write a comment")
    SUPPORT = "support", _("Support proposals")
    VOTE = "vote", _("Vote")
    MEET = "meet", _("Take part in the meeting")


class Level(models.TextChoices):
    """How well the office must know a person before they act."""

    MEMBER = "member", _("People with an account")
    IDENTIFIED = "identified", _("People who passed the identity check")


class DesignKind(models.TextChoices):
    """What a design may change in the city. The values are those of a design's changes."""

    BUILDING = "building", _("New building")
    REPLACE = "replace", _("Replace a building")
    REMOVE = "remove", _("Remove a building")
    PARK = "park", _("Park")
    TREES = "trees", _("Trees")
    PEDESTRIAN_STREET = "pedestrian_street", _("Pedestrian street")
    CROSSWALK = "crosswalk", _("Crosswalk")
    BUS_STOP = "bus_stop", _("Bus stop")
    BENCH = "bench", _("Bench")
    SHELTER = "shelter", _("Shelter")


# Kinds that take away what stands: only where a process opens demolition.
DEMOLITION = frozenset({DesignKind.REPLACE, DesignKind.REMOVE})


class Land(models.TextChoices):
    """On which land designs may stand."""

    PUBLIC = "public", _("Public land and facilities only")
    ANY = "any", _("Any land")
