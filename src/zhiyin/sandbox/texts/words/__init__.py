"""The sentences themselves, as blocks of patterns: one block a topic, one file for each thing that people do in a conversation."""
