"""Attribution: which clause made the difference between two regimes, and which agents fared differently."""
