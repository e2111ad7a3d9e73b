"""What does a model promise, and how well does it keep it?

Verbs, base classes, contract checks, cards, the shelf of trained models, splits, metrics and reasons.
A newcomer writes one file with `_fit` and `_predict` and adds one line to `registry.py`; everything else follows.
"""
