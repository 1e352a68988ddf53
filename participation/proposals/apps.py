"""The room of proposals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    name = "participation.proposals"
    label = "proposals"
    verbose_name = _("proposals")

    def ready(self) -> None:
        from metacity.accounts import data
        from metacity.accounts.signals import signed_in_with_session
        from metacity.commons import events
        from metacity.commons.seeding import register_seed
        from participation.moderation.subjects import register_kind
        from participation.processes.kinds import Act
        from participation.processes.sections import of_process, register_act
        from participation.proposals import access, designs, live, moderated, personal, sections, seeding
        from twin.mirror.designs.access import register_design_access
        from twin.simulation.signals import run_changed

        events.register_room("proposal", access.may_listen)
        register_design_access(designs.may_see_design)
        run_changed.connect(live.tell_of_run, dispatch_uid="proposals.tell_of_run")
        signed_in_with_session.connect(personal.claim_at_sign_in, dispatch_uid="proposals.claim_drafts")
        data.register_exporter("proposals", personal.export_proposals)
        data.register_eraser("proposals", personal.erase_proposals)
        register_kind(moderated.KIND)
        of_process.register(sections.proposals_of)
        register_act(Act.PROPOSE, sections.new_proposal_in)
        register_act(Act.SUPPORT, sections.proposals_in)
        register_seed("proposals", seeding.seed_proposals)
