"""The event browser."""
