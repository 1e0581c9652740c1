"""Sweeps: what is run (plan), how it is run (engines), and what came of it (a table, one row a run)."""
