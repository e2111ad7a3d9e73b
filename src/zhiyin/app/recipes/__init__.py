"""Features that need several stages, each composed in one file."""
