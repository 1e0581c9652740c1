"""The brief: one HTML page for readers who decide, made from a result folder alone."""
