"""What a person agreed to, in which version of the text, and when it was withdrawn."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """One answer to one version of one text (`accounts.consents`). Withdrawing keeps the row: it proves both."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    item = models.CharField(max_length=24)
    is_required = models.BooleanField()
    version = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "item"],
                condition=models.Q(withdrawn_at=None),
                name="accounts_one_standing_consent_an_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.item} {self.version}"
