"""Fitting behaviour to the published figures: draws, runs, emulator, likelihood, posterior, and whether it is right."""
