"""Factor tables: read through one door, looked up by kind, place and year, never by guess."""
