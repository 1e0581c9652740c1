"""Who holds what: places, towns, counties, villages, books, the province; no rule."""
