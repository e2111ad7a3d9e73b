"""Where is everything kept, whole and unreadable to others: lake, ledger, vault, keys?

Only `guard` and `app` import this room; it is the one place that executes relations and holds SQL.
"""
