"""Tables in, arrays out: footprints by the million, through the same kernel as a single one."""
