"""Many runs: running them, comparing them, and telling what came out."""
