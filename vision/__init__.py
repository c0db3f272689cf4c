"""Frames in, violations out: detect, track, measure, judge, gather evidence. Knows no database and no web."""
