"""The office's own rules as dated data, and what follows from them: pure, no files, no database, no web."""
