"""Who is in the city now: poses over a socket of their own, and the same people as a list."""
