"""What administrators keep: users, tokens, rules, models, edges, notices, and the log of who did what."""
