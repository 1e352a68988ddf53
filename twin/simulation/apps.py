from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "twin.simulation"
    label = "simulation"
