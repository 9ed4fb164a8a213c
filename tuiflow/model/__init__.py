"""What everything talks about: ids, status, events, content, outlines, state. No IO, no async."""
