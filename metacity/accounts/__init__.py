"""People: identity, verification level, roles, consent."""
