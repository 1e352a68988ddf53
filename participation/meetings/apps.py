"""The room of meetings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "participation.meetings"
    label = "meetings"
    verbose_name = _("meetings")

    def ready(self) -> None:
        from django.db.models import Exists, OuterRef

        from metacity.accounts import data, office
        from metacity.accounts.roles import OFFICE_ROLES, Role
        from metacity.commons import events
        from metacity.commons.seeding import register_seed
        from participation.meetings import access, moderated, notices, personal, sections, seeding
        from participation.meetings import office as waiting
        from participation.meetings.models import Meeting
        from participation.meetings.parity import ACTIONS
        from participation.moderation.subjects import register_kind
        from participation.processes.kinds import Act
        from participation.processes.sections import of_city, of_process, register_act
        from participation.proposals import parts
        from participation.worlds import parity

        events.register_room("meeting", access.may_listen)
        register_kind(moderated.MESSAGES)
        notices.register()
        data.register_exporter("meetings", personal.export_meetings)
        data.register_eraser("meetings", personal.erase_meetings)
        parts.ask_along("has_meetings", Exists(Meeting.objects.filter(proposal=OuterRef("pk"))))
        parts.aside.register(sections.meetings_about)
        of_process.register(sections.meetings_of)
        of_city.register(sections.meetings_in)
        register_act(Act.MEET, sections.address_in)
        office.register_tray(OFFICE_ROLES, waiting.to_lead)
        office.register_tray(OFFICE_ROLES, waiting.minutes_waiting)
        office.register_page(
            office.OfficePage("meetings:office", _("Meetings"), "people", (Role.OFFICIAL, Role.APPROVER))
        )
        parity.register(*ACTIONS)
        register_seed("meetings", seeding.seed_meetings)
