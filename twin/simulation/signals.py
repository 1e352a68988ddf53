"""What the room announces; rooms further out listen."""

from django.dispatch import Signal

# Sent inside the transaction that changed it: `run`.
run_changed = Signal()
