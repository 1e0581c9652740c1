"""What a run is made of and that knows no word of towns: kernels, numbers, draws, ledgers, columns."""
