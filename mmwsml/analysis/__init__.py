"""What a finished run tells: pure functions on what it wrote down."""
