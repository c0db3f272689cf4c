"""Tests of how the rules are judged."""
