"""Who may see and do what: users, sessions, roles, the tokens of machines, and the log of who did what."""
