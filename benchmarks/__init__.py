"""What is measured rather than asserted: `make bench`."""
