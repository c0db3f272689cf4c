"""Renders construction-site scenes with their truth: procedural, made of nothing but this code."""
