"""The Python interface, by subject."""
