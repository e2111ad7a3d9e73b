"""The companies that can be invented: what each sells, through which systems, and what moves its customers."""
