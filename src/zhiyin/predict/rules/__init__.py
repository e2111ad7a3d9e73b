"""Which customers fulfil a rule that a person wrote?"""

__all__: list[str] = []
