"""Ideas at places, their versions and supports."""
