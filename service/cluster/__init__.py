"""Watches the cameras of a configuration with several machines; the only package that knows Ray."""
