"""Departments of the office, and who works in them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from metacity.accounts.roles import Role
from metacity.commons.i18n import localised
from participation.proposals.models.proposals import Proposal
from twin.mirror.models import City


class DepartmentQuerySet(models.QuerySet["Department"]):
    def in_city(self, city: City) -> DepartmentQuerySet:
        return self.filter(city=city)

    def of_member(self, person: Visitor) -> DepartmentQuerySet:
        return self.filter(members=person.pk)


class Department(models.Model):
    """A department that proposals are handled by (소관부서). One that was dissolved is closed, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="departments")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    is_open = models.BooleanField(default=True)
    members = models.ManyToManyField(User, blank=True, related_name="departments")

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("city", "name"), name="department_name_is_unique_in_its_city"),
        ]

    def __str__(self) -> str:
        return localised(self, "name")


def responsible_for(proposal: Proposal) -> models.QuerySet[User]:
    """Whoever is in charge of the proposal; the officials of its department where nobody is yet."""
    if proposal.in_charge_id is not None:
        return User.objects.filter(pk=proposal.in_charge_id)
    return people_of(proposal.department, Role.OFFICIAL)


def people_of(department: Department | None, role: Role) -> models.QuerySet[User]:
    """Members of the department with that role; everybody with the role where it has none, or is not known yet."""
    everybody = User.objects.members().filter(role_grants__role=role)
    members = everybody.filter(departments=department) if department else everybody
    return members if members.exists() else everybody
