"""The chaos run's pure parts."""
