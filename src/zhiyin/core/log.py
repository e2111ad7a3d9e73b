"""One line a stage and table, key=value, ids and counts only."""

from __future__ import annotations

import logging
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["Line", "line", "staged", "to_stderr"]


@dataclass
class Line:
    """The figures of one step while it works."""

    rows_in: int = 0
    rows_out: int = 0
    refused: int = 0
    more: dict[str, object] = field(default_factory=dict)


def line(**values: object) -> str:
    """`key=value key=value`, in the order given; values with blanks are quoted.

    Example:
        >>> line(stage="unify", rows_out=3)
        'stage=unify rows_out=3'
    """
    return " ".join(f"{key}={_quoted(value)}" for key, value in values.items())


def to_stderr(level: int) -> None:
    """Write log lines from `level` on to the standard error, in place of whatever was set before."""
    logging.basicConfig(level=level, format="%(asctime)s %(name)s %(message)s", force=True)


@contextmanager
def staged(logger: logging.Logger, stage: str, table: str) -> Iterator[Line]:
    """Time a step and log it once, also when it fails.

    Beside the wall seconds stand those of the processor, all threads together, and the peak of the memory of the process until
    then in MB: on a shared machine only they can be compared.
    """
    figures = Line()
    started, worked = time.monotonic(), time.process_time()
    outcome = "failed"
    try:
        yield figures
        outcome = "ok"
    finally:
        logger.info(
            line(
                stage=stage,
                table=table,
                outcome=outcome,
                rows_in=figures.rows_in,
                rows_out=figures.rows_out,
                refused=figures.refused,
                **figures.more,
                seconds=f"{time.monotonic() - started:.2f}",
                processor=f"{time.process_time() - worked:.2f}",
                peak_mb=_peak_mb(),
            )
        )


def _peak_mb() -> int:
    """The most memory that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 20 if sys.platform == "darwin" else peak >> 10  # bytes there, kilobytes everywhere else


def _quoted(value: object) -> str:
    text = str(value).replace("\n", " ")
    return f'"{text}"' if " " in text or not text else text
