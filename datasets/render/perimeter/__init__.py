"""The perimeter: a hoarding whose gate opens and one of whose panels goes missing."""
