"""People."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with an account. The primary key is random: it tells nothing about when or after whom one joined."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
