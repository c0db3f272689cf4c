"""Tells people and machines what is new: what is told to whom (pure), and the ways it is sent."""
