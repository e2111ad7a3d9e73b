"""The only place that wires: it reads through guard, calls the stages, writes their results, and publishes."""
