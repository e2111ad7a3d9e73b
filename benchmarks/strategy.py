"""Whom does it pay to contact: the list beside random, oldest first, nobody and the best possible, in the same invented worlds?

    python benchmarks/strategy.py

What `zhiyin try` does, with its defaults: ten worlds of 300 customers, 150 days of past, 60 days tried, 8 contacts a day. A row a strategy
and one a comparison are added to benchmarks/results/strategy.md. Takes about ten minutes; not part of `make bench`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from zhiyin.app.recipes.strategy import Trial, try_strategies
from zhiyin.app.recipes.strategy_words import HEADS, about, rows, sentences

RESULTS = Path(__file__).parent / "results" / "strategy.md"
TITLE = "# Whom it pays to contact\n\nInvented worlds, the same for every strategy; see benchmarks/strategy.py and docs/trying.md.\n"


def main() -> None:
    tried = try_strategies(Trial(), progress=lambda stage, done: None)
    heads = [head.en for head in HEADS]
    table = [heads, ["---"] * len(heads), *rows(tried, "en")]
    text = "\n".join(
        [
            f"\n## {datetime.now(tz=UTC):%Y-%m-%d %H:%M} UTC\n",
            about(tried).en,
            "",
            *(f"| {' | '.join(row)} |" for row in table),
            "",
            *(f"- {sentence.en}" for sentence in sentences(tried)),
            "",
        ]
    )
    print(text)
    RESULTS.write_text((RESULTS.read_text() if RESULTS.exists() else TITLE) + text)


if __name__ == "__main__":
    main()
