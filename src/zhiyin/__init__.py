"""zhiyin (知音): whom to contact today, about what, why, and with what words."""
