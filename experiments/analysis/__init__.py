"""What is learned from runs: pure functions of what a store holds."""
