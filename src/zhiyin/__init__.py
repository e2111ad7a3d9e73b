"""zhiyin (知音): whom to contact today, about what, why, and with what words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from zhiyin.app.workspace import Workspace

__all__ = ["open"]


def open(path: str | Path, *, actor: str = "owner", **settings: object) -> Workspace:
    """Open the workspace in a folder as `actor`: `owner`, or a user of zhiyin.toml; further arguments are settings."""
    from zhiyin.app.workspace import open_workspace

    return open_workspace(path, actor=actor, **settings)
