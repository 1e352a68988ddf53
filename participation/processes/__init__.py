"""Spaces and phases: who may do what, when."""
