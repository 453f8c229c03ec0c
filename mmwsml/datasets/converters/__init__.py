"""Reading labels that are in other forms than ours."""
