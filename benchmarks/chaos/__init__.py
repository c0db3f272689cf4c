"""The whole system while everything goes wrong at once: `python -m benchmarks.chaos`."""
