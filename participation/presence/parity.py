"""What one can do with the people in the 3D city, and where the same is done without it."""

from participation.worlds.parity import Action, Parity

ACTIONS = (
    Action("see-people", Parity.LIVE, "presence:people", "Who is here and near which place, as a list."),
    Action("go-to-person", Parity.SPATIAL, "presence:people", "Links to the place in words, on the map and in 3D."),
    Action("hide-me", Parity.LIVE, "presence:people", "The same choice as a form."),
)
