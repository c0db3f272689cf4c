"""Decoding in processes of their own, which have no network, little memory and nothing to steal: streams are hostile."""
