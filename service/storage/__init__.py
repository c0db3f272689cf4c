"""Where cases and their evidence are kept: a database and a folder."""
