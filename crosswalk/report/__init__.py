"""Records as text for people; nothing in here calculates."""
