"""Weights with their cards, and the loading, exporting and checking of them."""
