"""What does somebody want of a model that its table cannot tell?"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NO_WISHES", "Wishes"]


@dataclass(frozen=True)
class Wishes:
    """Wishes about a model; all may be left out.

    Args:
        positive: the value of the target that counts as "it happened".
        model: the model by the name of its line (rate, linear, logistic, tree, forest, boosting, blend), instead of the one that wins.
        protected: columns that the model does not read, and by whose groups it is judged; what it does to them stands on the card.
        tune_s: seconds in which a better shape of boosted trees is searched for, besides the budget.
    """

    positive: object = None
    model: str = ""
    protected: tuple[str, ...] = ()
    tune_s: float = 0.0


NO_WISHES = Wishes()
