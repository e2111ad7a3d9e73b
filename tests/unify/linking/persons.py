"""Persons written down twice and more, with slips of the pen: who is who is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

_GIVEN = [
    "anna",
    "ben",
    "carla",
    "david",
    "ella",
    "frank",
    "grace",
    "henry",
    "ida",
    "jonas",
    "karen",
    "luis",
    "maria",
    "nadia",
    "oscar",
    "paula",
    "quentin",
    "rosa",
    "simon",
    "tina",
]
_STEMS = [
    "ald",
    "ber",
    "car",
    "dun",
    "el",
    "far",
    "gar",
    "hol",
    "ing",
    "jar",
    "kel",
    "lam",
    "mor",
    "nor",
    "os",
    "pel",
    "rus",
    "sand",
    "tor",
    "vin",
    "wes",
]
_ENDS = ["man", "son", "ton", "ley", "ford", "by", "wick", "stead", "er", "ing", "worth", "dale"]
_STREETS = ["station", "church", "mill", "park", "victoria", "green", "high", "kings", "river", "forest"]
_TOWNS = ["ashford", "bexley", "corby", "dorking", "epsom", "fareham", "grays", "hove", "ilford", "jarrow", "kendal", "luton"]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def persons(people: int, copies: int, *, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """`people * copies` rows in any order, and the number of the person of each row."""
    random = np.random.default_rng(seed)
    family = [stem + end for stem in _STEMS for end in _ENDS]
    rows, who = [], []
    for person in range(people):
        row = {
            "given_name": _GIVEN[random.integers(len(_GIVEN))],
            "surname": family[random.integers(len(family))],
            "street": f"{random.integers(1, 90)} {_STREETS[random.integers(len(_STREETS))]} street",
            "town": _TOWNS[random.integers(len(_TOWNS))],
            "date_of_birth": f"19{random.integers(30, 99)}{random.integers(1, 13):02}{random.integers(1, 29):02}",
            "phone": f"0{random.integers(10**9, 10**10 - 1)}",
        }
        for copy in range(copies):
            rows.append(row if copy == 0 else _spoiled(row, random))
            who.append(person)
    order = random.permutation(len(rows))
    frame = pd.DataFrame(rows).iloc[order].reset_index(drop=True)
    frame.insert(0, "row", [f"r{number:05}" for number in range(len(frame))])
    return frame, np.array(who)[order]


def _spoiled(row: dict[str, str], random: np.random.Generator) -> dict[str, str | None]:
    """Two fields with a slip, now and then one missing, or the names turned."""
    made: dict[str, str | None] = dict(row)
    for name in random.choice(list(row), 2, replace=False):
        text, place = row[name], int(random.integers(len(row[name])))
        letters = "0123456789" if text[place].isdigit() else _LETTERS
        made[name] = text[:place] + letters[random.integers(len(letters))] + text[place + 1 :]
    if random.random() < 0.3:
        made[str(random.choice(list(row)))] = None
    if random.random() < 0.1:
        made["given_name"], made["surname"] = made["surname"], made["given_name"]
    return made


def scored(pairs: pd.DataFrame, truth: dict[str, int], same: int) -> float:
    """Pairwise F1."""
    right = sum(truth[one] == truth[other] for one, other in zip(pairs["left_id"], pairs["right_id"], strict=True))
    return 2 * right / (len(pairs) + same)
