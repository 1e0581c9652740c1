"""One run of one scenario; knows nothing of studies, stores, plots or pages."""
