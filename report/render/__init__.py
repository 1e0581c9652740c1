"""From blocks to a format."""
