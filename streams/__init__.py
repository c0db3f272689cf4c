"""Cameras: connect, sample, remember, notice trouble. Knows no model and no case."""
