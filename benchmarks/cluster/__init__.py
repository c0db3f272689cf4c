"""What a cluster loses and doubles while its nodes are killed: `python -m benchmarks.cluster`."""
