"""The page of an attribution: which clause made the difference, and which agents fared differently."""
