"""Processes that die while they write, for tools/checks/kills.py."""
