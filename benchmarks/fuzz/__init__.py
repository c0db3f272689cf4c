"""Feeds damaged input to what takes input from strangers, and tells what breaks."""
