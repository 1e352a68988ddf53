"""Meetings: an agenda, a fair speaking queue, live polls and minutes, in a room that everybody may watch."""
