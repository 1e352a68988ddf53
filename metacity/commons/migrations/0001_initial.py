import uuid

import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

from metacity.commons import ledger_triggers


def install_triggers(apps, schema_editor):
    ledger_triggers.install(schema_editor.connection.alias)


def remove_triggers(apps, schema_editor):
    ledger_triggers.remove(schema_editor.connection.alias)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Room",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name="name")),
                ("seq", models.BigIntegerField(default=0, verbose_name="latest number")),
            ],
            options={
                "verbose_name": "room",
                "verbose_name_plural": "rooms",
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("task", models.CharField(max_length=100, verbose_name="task")),
                ("args", models.JSONField(default=dict, verbose_name="arguments")),
                ("key", models.CharField(max_length=150, verbose_name="key")),
                ("queue", models.CharField(default="default", max_length=32, verbose_name="queue")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="queued",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("progress", models.FloatField(default=0.0, verbose_name="progress")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("error", models.CharField(blank=True, max_length=64, verbose_name="error")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("lease", models.UUIDField(editable=False, null=True, verbose_name="lease")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("due_at", models.DateTimeField(verbose_name="sent again after")),
                ("heard_at", models.DateTimeField(null=True, verbose_name="last sign of life")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "ordering": ("-created_at",),
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="job_by_state_and_due"),
                    models.Index(fields=["key", "-created_at"], name="job_by_key"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("queued", "running"))),
                        fields=("key",),
                        name="one_active_job_a_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("progress__gte", 0.0), ("progress__lte", 1.0)),
                        name="progress_between_0_and_1",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("at", models.DateTimeField(verbose_name="time")),
                ("action", models.CharField(max_length=64, verbose_name="action")),
                ("actor", models.UUIDField(null=True, verbose_name="actor")),
                ("subject", models.CharField(max_length=150, verbose_name="subject")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                ("previous", models.CharField(max_length=64, unique=True, verbose_name="hash before")),
                ("hash", models.CharField(max_length=64, unique=True, verbose_name="hash")),
            ],
            options={
                "verbose_name": "ledger entry",
                "verbose_name_plural": "ledger entries",
                "ordering": ("number",),
                "indexes": [
                    models.Index(fields=["subject", "number"], name="ledger_by_subject"),
                    models.Index(fields=["actor", "number"], name="ledger_by_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                (
                    "hash",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000", max_length=64
                    ),
                ),
            ],
            options={
                "verbose_name": "end of the ledger",
                "verbose_name_plural": "end of the ledger",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_end_of_the_ledger")],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(verbose_name="number")),
                ("kind", models.CharField(max_length=64, verbose_name="kind")),
                (
                    "payload",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="content"
                    ),
                ),
                ("audience", models.CharField(blank=True, max_length=200, verbose_name="audience")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="commons.room",
                        verbose_name="room",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ("room", "seq"),
                "indexes": [models.Index(fields=["at"], name="event_by_time")],
                "constraints": [models.UniqueConstraint(fields=("room", "seq"), name="one_event_a_number")],
            },
        ),
        migrations.RunPython(install_triggers, remove_triggers),
    ]
