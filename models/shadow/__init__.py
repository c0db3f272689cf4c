"""Runs a candidate beside the model in production and tells where they differ; nothing is decided by it."""
