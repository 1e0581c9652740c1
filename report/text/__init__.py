"""Every sentence, in every language, and how numbers are written in it."""
