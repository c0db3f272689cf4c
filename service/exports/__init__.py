"""Writes lists of cases and reports as files for other programs: spreadsheets, maps."""
