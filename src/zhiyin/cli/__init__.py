"""The command line: a rendering of the Python door, one command one method."""
