"""Which clauses act in the model, and the proof that they do."""
