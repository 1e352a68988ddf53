"""The room of votes."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class VotingConfig(AppConfig):
    name = "participation.voting"
    label = "voting"
    verbose_name = _("votes")

    def ready(self) -> None:
        from django.db.models import Exists, OuterRef

        from metacity.accounts import data, office
        from metacity.commons import events
        from metacity.commons.seeding import register_seed
        from participation.processes.kinds import Act
        from participation.processes.sections import of_city, of_process, register_act
        from participation.proposals import parts
        from participation.voting import access, inbox, notices, personal, sections, seeding
        from participation.voting import checks as checks
        from participation.voting.guard import GUARD
        from participation.voting.models import Poll

        post_migrate.connect(GUARD.install_after_migrate, sender=self, dispatch_uid="voting.guard")
        events.register_room("poll", access.may_listen)
        data.register_exporter("votes", personal.export_votes)
        data.register_eraser("votes", personal.erase_votes)
        notices.register()
        office.register_tray(access.OFFICE, inbox.votes_tray)
        office.register_page(office.OfficePage("voting_office:list", _("Votes"), "vote", tuple(access.OFFICE)))
        parts.ask_along("has_polls", Exists(Poll.objects.filter(proposal=OuterRef("pk"))))
        parts.aside.register(sections.votes_of_proposal)
        of_process.register(sections.votes_of_process)
        of_city.register(sections.open_votes)
        register_act(Act.VOTE, sections.votes_in)
        register_seed("voting", seeding.seed_votes)
