"""Pages of proposals: read a request, call one service, answer."""
