"""How does a message leave the house?"""

__all__: list[str] = []
