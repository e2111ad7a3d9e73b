"""Which records are the same person, because they share a phone, an e-mail, an openid or an ID number?"""

from __future__ import annotations

import math

import pandas as pd

__all__ = ["MOST", "WEIGHTS", "exact", "shared_widely"]

# How sure one shared key makes us that two records are one person. Named priors, not measured: a phone or an
# e-mail may be shared in a family, an ID number is not.
WEIGHTS = {"id_number": 0.99, "openid": 0.98, "phone": 0.95, "email": 0.95}
_OTHER_WEIGHT = 0.9

# A key on more records than this belongs to nobody in particular: the shop's own number, 13800000000, a test address.
MOST = 10

_KEYS = ["kind", "digest"]


def exact(link_keys: pd.DataFrame, *, most: int = MOST) -> pd.DataFrame:
    """Pairs of records that share a keyed digest.

    Every pair of a group is named, not only a chain through it, so that parting two records by hand
    (`merge.resolve(apart=...)`) has a row to point at.

    Args:
        link_keys: `record_id`, `kind`, `digest`; further columns are passed over.
        most: a digest on more records than this links nobody (see `shared_widely`).

    Returns:
        `left_record` < `right_record`, `evidence` (kinds in alphabetical order, "email,phone"), `weight` (0-1),
        sorted by the two records: one row a pair, whatever the order of the rows.
    """
    keys = _distinct(link_keys)
    size = keys.groupby(_KEYS)["record_id"].transform("size")
    shared = keys[(size > 1) & (size <= most)]
    record, names = pd.factorize(shared["record_id"], sort=True)
    kind, kinds = pd.factorize(shared["kind"], sort=True)
    shared = pd.DataFrame({"record": record, "bit": 1 << kind, "key": shared.groupby(_KEYS).ngroup().to_numpy()})
    both = shared.merge(shared, on=["key", "bit"])
    both = both[both["record_x"] < both["record_y"]].drop_duplicates(["record_x", "record_y", "bit"])
    pairs = both.groupby(["record_x", "record_y"], as_index=False)["bit"].sum()  # one bit a kind, each kind once
    told = {bits: _evidence([kind for k, kind in enumerate(kinds) if bits >> k & 1]) for bits in pairs["bit"].unique()}
    return pd.DataFrame(
        {
            "left_record": names[pairs["record_x"]],
            "right_record": names[pairs["record_y"]],
            "evidence": pairs["bit"].map({bits: evidence for bits, (evidence, _) in told.items()}).astype(object),
            "weight": pairs["bit"].map({bits: weight for bits, (_, weight) in told.items()}).astype("float64"),
        }
    )


def _evidence(kinds: list[str]) -> tuple[str, float]:
    """The kinds as text, and how sure they make us together: as if each were wrong independently of the others."""
    return ",".join(kinds), 1 - math.prod(1 - WEIGHTS.get(kind, _OTHER_WEIGHT) for kind in kinds)


def shared_widely(link_keys: pd.DataFrame, *, most: int = MOST) -> pd.DataFrame:
    """Digests on more than `most` records, which `exact` therefore does not link by.

    Returns:
        `kind`, `digest`, `records`, the widest first.
    """
    counted = _distinct(link_keys).groupby(_KEYS, as_index=False).agg(records=("record_id", "size"))
    wide = counted[counted["records"] > most]
    return wide.sort_values(["records", *_KEYS], ascending=[False, True, True], ignore_index=True)


def _distinct(link_keys: pd.DataFrame) -> pd.DataFrame:
    return link_keys[["record_id", *_KEYS]].dropna().drop_duplicates()
