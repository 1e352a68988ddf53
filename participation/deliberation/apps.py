"""The room of deliberation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliberationConfig(AppConfig):
    name = "participation.deliberation"
    label = "deliberation"
    verbose_name = _("deliberation")

    def ready(self) -> None:
        from metacity.accounts import data, own
        from metacity.accounts.notices import register_words
        from metacity.commons.seeding import register_seed
        from participation.deliberation import moderated, notices, personal, sections, seeding
        from participation.moderation.subjects import register_kind
        from participation.processes.kinds import Act
        from participation.processes.sections import register_act
        from participation.proposals import parts

        parts.main.register(sections.discussion_of)
        register_act(Act.COMMENT, sections.proposals_to_comment_on)
        register_kind(moderated.KIND)
        register_words(notices.ON_MY_PROPOSAL, notices.words_on_my_proposal)
        register_words(notices.ANSWER_TO_ME, notices.words_of_answer)
        own.register_page("deliberation:mine", _("My comments"))
        data.register_exporter("comments", personal.export_comments)
        data.register_eraser("comments", personal.erase_comments)
        register_seed("deliberation", seeding.seed_comments)
