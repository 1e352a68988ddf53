"""A person's account, the random id that stands for the person in the ledger, and the roles granted."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models.notices import Notice
from metacity.accounts.roles import OFFICE_ROLES, Role


class UserQuerySet(models.QuerySet["User"]):
    def members(self) -> Self:
        """Accounts that still belong to somebody: neither closed nor erased."""
        return self.filter(is_active=True, erased_at=None)

    def with_identity(self) -> Self:
        """Saves the queries that `birth_year`, `district`, `is_identified` and `waits_for_guardian` would each make."""
        return self.select_related("identity_check", "guardian_consent")

    def visitor(self, pk: uuid.UUID) -> "User | None":
        """The account with all that a page asks of whoever visits it, in one query."""
        unseen = Notice.objects.unseen().filter(person=models.OuterRef("pk")).order_by().values("person")
        count = unseen.annotate(count=models.Count("pk")).values("count")
        # A row for every role held, or one without.
        held = self.with_identity().annotate(held=models.F("role_grants__role"), unseen=models.Subquery(count))
        rows = list(held.filter(pk=pk))
        if not rows:
            return None
        user, roles = rows[0], {row.held for row in rows if row.held}  # type: ignore[attr-defined]  # annotated above
        user.roles = frozenset(roles | {Role.CITIZEN.value}) if user.is_active else frozenset()
        user.unseen_notices = user.unseen or 0  # type: ignore[attr-defined]  # annotated above
        return user


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def members(self) -> UserQuerySet:
        return self.get_queryset().members()

    def with_identity(self) -> UserQuerySet:
        return self.get_queryset().with_identity()

    def visitor(self, pk: uuid.UUID) -> "User | None":
        return self.get_queryset().visitor(pk)

    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "User":
        """An account; without an e-mail address it can be entered by identity check only."""
        user = self.model(email=email.lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """For `createsuperuser`: an account with the operator's role."""
        from metacity.accounts.services.roles import grant_role

        user = self.create_user(email, password, **fields)
        grant_role(user=user, role=Role.OPERATOR, by=None)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with an account. The primary key is random: it tells nothing about when or after whom one joined.

    The whole name is never kept: `masked_name` comes from the identity check and stands here so that lists of authors
    need no join. A deleted account stays as an empty row (`erased_at`), so that what others built on keeps standing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("E-mail address"), max_length=254, unique=True, null=True, blank=True)
    alias = models.CharField(_("Alias"), max_length=20, blank=True)
    # An alias that moderation took away: kept so that it can be given back, and not be taken again by its owner.
    hidden_alias = models.CharField(max_length=20, blank=True, editable=False)
    masked_name = models.CharField(max_length=60, blank=True, editable=False)
    is_active = models.BooleanField(default=True)
    # Made by `seed_demo_accounts`, with a password everybody knows: can be entered in demo mode only.
    is_seeded = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_email_once_in_any_case"),
            models.UniqueConstraint(Lower("alias"), condition=~models.Q(alias=""), name="accounts_alias_once"),
            models.CheckConstraint(
                condition=models.Q(erased_at=None)
                | models.Q(email=None, alias="", hidden_alias="", masked_name="", is_active=False, last_login=None),
                name="accounts_erased_row_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    # --- What others see ---

    @property
    def display_name(self) -> str:
        """The alias, else the masked name, else a word with four characters of the random id."""
        if self.erased_at:
            return gettext("Former member")
        return self.alias or self.masked_name or gettext("Citizen {code}").format(code=self.id.hex[:4].upper())

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    # --- What an identity check tells ---

    @property
    def is_identified(self) -> bool:
        return self._check is not None

    @property
    def birth_year(self) -> int | None:
        return self._check.birth_year if self._check else None

    @property
    def district(self) -> str:
        return self._check.district if self._check else ""

    @property
    def _check(self) -> Any:
        return getattr(self, "identity_check", None)

    @property
    def is_minor(self) -> bool:
        """Under 19 in this year, or said to be a child; unknown ages count as adult."""
        if hasattr(self, "guardian_consent") and self.guardian_consent.is_needed:
            return True
        return self.birth_year is not None and timezone.localdate().year - self.birth_year < 19

    @property
    def waits_for_guardian(self) -> bool:
        """A child under 14 whose guardian has not agreed: may read, may not write."""
        consent = getattr(self, "guardian_consent", None)
        return consent is not None and consent.is_awaited

    # --- Trust ---

    @cached_property
    def roles(self) -> frozenset[str]:
        if not self.is_active:
            return frozenset()
        return frozenset(self.role_grants.values_list("role", flat=True)) | {Role.CITIZEN.value}

    def has_role(self, role: str) -> bool:
        return role in self.roles

    @property
    def works_in_office(self) -> bool:
        return bool(self.roles & OFFICE_ROLES)

    @property
    def is_staff(self) -> bool:
        """Django's admin is for the operator."""
        return self.has_role(Role.OPERATOR)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff

    # --- What one agreed to ---

    @cached_property
    def held_consents(self) -> dict[str, int]:
        """The version of each item that stands; forgotten by the services that change it."""
        return dict(self.consents.filter(withdrawn_at=None).values_list("item", "version"))

    def forget_consents(self) -> None:
        self.__dict__.pop("held_consents", None)

    # --- What one is told ---

    @cached_property
    def unseen_notices(self) -> int:
        return self.notices.unseen().count()

    # --- The ledger ---

    @property
    def actor_id(self) -> uuid.UUID:
        """The random id that stands for this person in the ledger; made at first need."""
        identity = getattr(self, "ledger_identity", None)
        if identity is None:
            identity, _created = LedgerIdentity.objects.get_or_create(user=self)
        return identity.actor_id

    @property
    def ledger_subject(self) -> str:
        """How the ledger names this person as what an entry is about."""
        return f"person:{self.actor_id}"


class LedgerIdentity(models.Model):
    """The only link from a ledger's actor to a person. Erased with the person; the ledger's chain stays whole."""

    actor_id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ledger_identity")

    class Meta:
        verbose_name = _("ledger identity")
        verbose_name_plural = _("ledger identities")

    def __str__(self) -> str:
        return str(self.actor_id)


class RoleGrant(models.Model):
    """A role above citizen, who gave it and when. Taking it back deletes the row; the ledger keeps both."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=16, choices=[c for c in Role.choices if c[0] != Role.CITIZEN])
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="accounts_role_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(OFFICE_ROLES)), name="accounts_role_is_known_and_above_citizen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
