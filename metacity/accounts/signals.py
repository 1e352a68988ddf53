"""What this room announces. Outer rooms connect in their `ready()`."""

from django.dispatch import Signal

# Arguments: old_session_key (str | None), user. Sent once the session has its new key, so that what an anonymous
# visitor began (a draft kept under the old key) can be claimed.
signed_in_with_session = Signal()

# Arguments: user. A role, the account's state or its identity changed: open sockets have to be judged again.
rights_changed = Signal()
