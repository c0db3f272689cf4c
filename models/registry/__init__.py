"""Keeps the versions of each model, which one is in production, and who decided so."""
