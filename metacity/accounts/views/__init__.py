"""Pages of this room: identity checks, guardians, one's own page, the desk."""
