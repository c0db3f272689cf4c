"""Decoding in processes of their own, without network, with little memory and nothing to steal: streams are hostile."""
