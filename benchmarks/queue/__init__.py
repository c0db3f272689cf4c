"""How quick the case queue is with a million cases in it, and whether anything is lost or doubled under load."""
