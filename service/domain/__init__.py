"""What a case is and what may be decided about it: pure, no files, no database, no web."""
