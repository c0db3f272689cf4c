"""Reports of a day, a week or a month: what was found and what became of it, for tables, spreadsheets and print."""
