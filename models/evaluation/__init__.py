"""Measures models on data sets: what they see against what is there."""
