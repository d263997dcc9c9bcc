"""A served site and a real browser."""
