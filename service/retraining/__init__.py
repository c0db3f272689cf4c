"""The loop: from what inspectors decided to a model that is better, or to the reason why it is not."""
