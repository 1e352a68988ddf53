"""The Celery application. Tasks are found by name in each app's `tasks` module."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metacity.settings")

app = Celery("metacity")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
