"""Every reading of the law tried in every regime."""
