"""What is to be run: points, replicates, behaviour, designs."""
