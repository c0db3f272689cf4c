"""The demonstration: cameras, the pipeline, the queue and the page on one machine, as real processes."""
