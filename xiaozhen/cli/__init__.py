"""The command line: a command is a request, a call, a page."""
