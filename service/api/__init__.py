"""The case queue over HTTP: packages come in, cases and their evidence go out."""
