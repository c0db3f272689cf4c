"""How soon the next picture stands after a key press, and what a page that stays open costs."""
