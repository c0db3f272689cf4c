"""What inspectors decided, as samples to learn from."""
