"""Samples with provenance to train and measure models on."""
