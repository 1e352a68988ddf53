"""What the card of an idea in the 3D city offers of a meeting about it, and where the same is done without 3D."""

from participation.worlds.parity import Action, Parity

ACTIONS = (
    Action("see-meeting", Parity.LIVE, "meetings:seat", "The meeting's page, complete by reloading."),
    Action("ask-to-speak", Parity.CIVIC, "meetings:seat", "A form in the meeting's page, beside the queue."),
    Action("vote-in-meeting", Parity.CIVIC, "meetings:seat", "A form in the meeting's page while a vote is open."),
)
