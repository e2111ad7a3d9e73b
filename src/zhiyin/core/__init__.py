"""What everybody stands on: table vocabulary, words, errors, settings, clock, ids, units, safe files, log."""
