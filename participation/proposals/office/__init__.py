"""The office's side of proposals: what an official may do with one, and the lists of what waits."""
