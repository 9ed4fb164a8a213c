"""What a person can do to runs, with the question before it."""
