"""The demonstration: a camera, the pipeline, the queue and the page on one machine, as three real processes."""
