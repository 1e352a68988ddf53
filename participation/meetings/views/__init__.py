"""Pages of meetings: watching, taking part, leading, minutes, planning."""
