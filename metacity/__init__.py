"""MetaCity: the people of a city decide about it, inside its digital twin."""

from metacity.celery import app as celery_app

__all__ = ["celery_app"]
