"""What is kept of an identity check: a keyed hash, never the identifier itself."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    PHONE = "phone", _("Mobile phone")
    SIMPLE = "simple", _("Simple authentication")
    DESK = "desk", _("Desk")


class IdentityCheck(models.Model):
    """The confirmed identity of an account. `ci_hmac` is unique: one person has one account."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identity_check")
    # HMAC-SHA256 of the CI under IDENTITY_HMAC_KEY. The CI itself is never stored.
    ci_hmac = models.CharField(max_length=64, editable=False)
    method = models.CharField(max_length=8, choices=Method.choices)
    birth_year = models.PositiveSmallIntegerField()
    district = models.CharField(max_length=40, blank=True)
    checked_at = models.DateTimeField(default=timezone.now)
    # The official who saw the paper, at the desk.
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("identity check")
        verbose_name_plural = _("identity checks")
        constraints = [
            models.UniqueConstraint(fields=["ci_hmac"], name="accounts_one_account_a_person"),
            models.CheckConstraint(
                condition=models.Q(birth_year__gte=1880, birth_year__lte=2200), name="accounts_birth_year_is_plausible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.method}"


class GuardianConsent(models.Model):
    """A guardian's agreement for a child under 14. The row exists as soon as one is needed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="guardian_consent")
    # The fourteenth birthday, where an identity check told it. The birth date itself is not kept.
    needed_until = models.DateField(null=True, blank=True)
    # Where the link was sent. Blanked once the guardian has answered.
    contact = models.EmailField(blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    guardian_hmac = models.CharField(max_length=64, blank=True, editable=False)
    guardian_method = models.CharField(max_length=8, blank=True, choices=Method.choices)

    class Meta:
        verbose_name = _("guardian's consent")
        verbose_name_plural = _("guardians' consents")
        constraints = [
            # Serves the guardian's link.
            models.UniqueConstraint(
                fields=["token_hash"], condition=~models.Q(token_hash=""), name="accounts_guardian_token_once"
            ),
            models.CheckConstraint(
                condition=models.Q(given_at=None) | ~models.Q(guardian_hmac=""),
                name="accounts_given_consent_names_its_guardian",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"

    @property
    def is_needed(self) -> bool:
        return self.needed_until is None or self.needed_until > timezone.localdate()

    @property
    def is_given(self) -> bool:
        return self.given_at is not None and self.withdrawn_at is None

    @property
    def is_awaited(self) -> bool:
        return self.is_needed and not self.is_given

    @property
    def link_is_open(self) -> bool:
        """A link can be answered for a while, and a consent once given can be withdrawn with it at any time."""
        return self.is_given or (self.expires_at is not None and self.expires_at > timezone.now())


class DeskVoucherQuerySet(models.QuerySet["DeskVoucher"]):
    def open_now(self) -> Self:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


class DeskVoucher(models.Model):
    """What an official confirmed from a paper, until the person enters the printed code. Emptied when it is used."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # HMAC-SHA256 of the printed code: the database alone does not tell it.
    code_hmac = models.CharField(max_length=64)
    official = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    # Where the paper is for an account that exists already, only that account can use the code.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="desk_vouchers"
    )
    ci_hmac = models.CharField(max_length=64, blank=True)
    masked_name = models.CharField(max_length=60, blank=True)
    birth_year = models.PositiveSmallIntegerField()
    guardian_until: "models.DateField[date | None, date | None]" = models.DateField(null=True, blank=True)
    is_adult = models.BooleanField(default=False)
    district = models.CharField(max_length=40, blank=True)
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DeskVoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("desk voucher")
        verbose_name_plural = _("desk vouchers")
        constraints = [models.UniqueConstraint(fields=["code_hmac"], name="accounts_desk_code_once")]
        # Serves the official's list of what was issued lately, newest first.
        indexes = [models.Index(fields=["official", "-issued_at"], name="accounts_desk_by_official")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()
