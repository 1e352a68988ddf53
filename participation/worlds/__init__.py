"""The twin as people enter it: city, map and places."""
