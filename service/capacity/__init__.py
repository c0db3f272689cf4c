"""How many cameras a machine can carry: measured with real cameras, then reckoned."""
