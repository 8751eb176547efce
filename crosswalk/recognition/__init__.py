"""Claims in, verdicts out: typed columns, rules as column expressions, levels, arrangements."""
