"""Procedural construction sites: from a seed to pictures with exact truth."""
