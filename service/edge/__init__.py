"""The edge: the process beside the cameras that watches them, judges, and delivers to the case queue."""
