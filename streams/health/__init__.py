"""Camera health: from pictures and connection figures to observations of what ails a camera. No I/O."""
