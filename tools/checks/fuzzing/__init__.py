"""Files damaged at random, and what the readers make of them."""
