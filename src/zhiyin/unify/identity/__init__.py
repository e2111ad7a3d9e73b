"""Are two records one person: which records come into question, what speaks for it and against it, and how much?

The weights are fixed and named (`weights.py`), so that the answer does not depend on the order of arrival and can be said in words.
"""

__all__: list[str] = []
