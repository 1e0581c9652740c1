"""Tools for those who work on the product; not installed with it."""
