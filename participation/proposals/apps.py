from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "participation.proposals"
    label = "proposals"
