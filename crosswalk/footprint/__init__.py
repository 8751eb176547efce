"""What a user brings: footprints as disclosed, units, and the names things travel under."""
