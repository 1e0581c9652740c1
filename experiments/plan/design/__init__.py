"""Designs: which settings to run, from factors with ranges, levels or priors."""
