"""Carries evidence packages from the edge's disk to the case queue, each once."""
