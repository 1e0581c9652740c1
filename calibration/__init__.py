"""Published figures beside the model's: what is compared with what, and how close it comes."""
