"""Readers of the label files that people have."""
