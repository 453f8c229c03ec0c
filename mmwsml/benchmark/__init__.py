"""Methods compared over seeds: presets, runs, tables."""
