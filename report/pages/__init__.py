"""One page of a result a file."""
