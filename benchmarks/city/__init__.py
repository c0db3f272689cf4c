"""A city's edges and reviewers, simulated, before the real service and database: what breaks first, and when."""
