"""Engines: pure functions from inputs to an outcome. They import no Django."""
