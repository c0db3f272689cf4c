"""Reads a truck's number plate (车牌). Optional: needs the extra `plates`."""
