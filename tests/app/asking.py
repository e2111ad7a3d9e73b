"""Questions about the groups of a workspace, as the doors ask them."""

from __future__ import annotations

import contextlib

from zhiyin.app.home import open_home
from zhiyin.app.reading import Generation, published
from zhiyin.core.clock import utc_now


@contextlib.contextmanager
def reading(folder, actor="owner", **settings):
    """Home, generation and actor of an open workspace."""
    home = open_home(folder, **settings)
    try:
        with published(home, utc_now) as (view, guard):
            yield home, Generation(guard, view.frame), home.actor(actor)
    finally:
        home.close()
