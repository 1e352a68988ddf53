"""Simulate: scenarios, runs, engines, impact sheets (모의)."""
