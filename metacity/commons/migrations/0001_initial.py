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
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("task", models.CharField(max_length=100)),
                ("args", models.JSONField(default=dict)),
                ("key", models.CharField(max_length=150)),
                ("queue", models.CharField(default="default", max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("progress", models.FloatField(default=0.0)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("error", models.CharField(blank=True, max_length=64)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
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
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("action", models.CharField(max_length=64)),
                ("actor", models.UUIDField(null=True)),
                ("subject", models.CharField(max_length=150)),
                ("facts", models.JSONField(default=dict)),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
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
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_end_of_the_ledger")],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField()),
                ("kind", models.CharField(max_length=64)),
                ("payload", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("audience", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="commons.room"
                    ),
                ),
            ],
            options={
                "ordering": ("room", "seq"),
                "indexes": [models.Index(fields=["at"], name="event_by_time")],
                "constraints": [models.UniqueConstraint(fields=("room", "seq"), name="one_event_a_number")],
            },
        ),
        migrations.RunPython(install_triggers, remove_triggers),
    ]
