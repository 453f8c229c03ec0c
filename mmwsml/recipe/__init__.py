"""From labels and images to a verdict: what ``mmwsml fit`` does."""
