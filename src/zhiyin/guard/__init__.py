"""Who may see what, and for which purpose?

Everything that leaves the store for a person or a stage passes `access.Guard`: sight as a relation, columns by purpose, identifiers
by `reveal` only, one audit entry a question.
"""
