"""Which rows of any two tables are the same thing?"""

__all__: list[str] = []
