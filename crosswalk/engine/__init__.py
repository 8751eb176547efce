"""Cells and weights, linear programs and their certificates, scenarios, explanations."""
