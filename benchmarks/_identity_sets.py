"""The tables to be linked, with the truth beside them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

NAMED = {"febrl": ("given_name", "surname", "date_of_birth"), "persons": ("first_name", "surname", "dob"), "sandbox": ("手机",)}
PRODUCTS = {
    "abt-buy": "textual_abt_buy",
    "amazon-google": "structured_amazon_google",
    "walmart-amazon": "structured_walmart_amazon",
    "dblp-acm": "structured_dblp_acm",
}


@dataclass(frozen=True)
class Linked:
    """Tables and who is who: `who` is the thing of every row of left, then of right; `key` names the columns of exact matching.

    `judged` are the only pairs that count, with their labels (the protocol of the product sets); None: all pairs count.
    """

    left: pd.DataFrame
    right: pd.DataFrame | None
    who: np.ndarray
    key: tuple[str, ...]
    judged: pd.DataFrame | None = None
    labels: pd.DataFrame | None = None

    def places(self, pairs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """The rows of pairs of ids."""
        left = pd.Series(np.arange(len(self.left)), index=self.left.iloc[:, 0])
        right = left if self.right is None else pd.Series(len(self.left) + np.arange(len(self.right)), index=self.right.iloc[:, 0])
        return left.loc[pairs["left_id"]].to_numpy(), right.loc[pairs["right_id"]].to_numpy()


def made(name: str, data: Path) -> Linked:
    """One of the sets: febrl1 febrl2 febrl3 febrl1-two-tables persons persons-40 sandbox-N, or a product set."""
    if name.startswith("febrl"):
        return _febrl(data / "febrl" / f"{name.partition('-')[0]}.parquet", two=name.endswith("two-tables"))
    if name.startswith("persons"):
        return _persons(data / "splink_historical_50k" / "persons.parquet", some=name.endswith("40"))
    if name.startswith("sandbox"):
        return _sandbox(int(name.partition("-")[2]))
    return _products(data / "er_magellan", PRODUCTS[name.removesuffix("-labels")], taught=name.endswith("-labels"))


def _febrl(file: Path, *, two: bool) -> Linked:
    """All rows in one table, or the originals and the first duplicate of each in two (as FEBRL 4 is made)."""
    rows = pd.read_parquet(file)
    part = rows["rec_id"].str.split("-", expand=True)
    rows = rows.assign(rec_id=_numbered(rows))
    if not two:
        return Linked(rows, None, part[1].to_numpy(), NAMED["febrl"])
    first = part[2] == "org"
    again = ~first & ~part[1].where(~first).duplicated()
    return Linked(rows[first], rows[again], np.r_[part[1][first], part[1][again]], NAMED["febrl"])


def _numbered(rows: pd.DataFrame) -> np.ndarray:
    """Ids that say nothing about who is who."""
    return np.random.default_rng(1).permutation(len(rows)).astype(str)


def _persons(file: Path, *, some: bool) -> Linked:
    """All rows, or those of two fifths of the persons, which were not looked at while the engine was made."""
    rows = pd.read_parquet(file)
    if some:
        rows = rows[pd.util.hash_array(rows["cluster"].to_numpy(dtype=object)) % np.uint64(10) >= 6]
    who = rows["cluster"].to_numpy()
    return Linked(rows.drop(columns="cluster").assign(unique_id=_numbered(rows)), None, who, NAMED["persons"])


def _sandbox(customers: int) -> Linked:
    """The CRM and the members of the mall of an invented company, in one table."""
    from zhiyin.sandbox.company import Company
    from zhiyin.sandbox.exports.people import crm, members
    from zhiyin.sandbox.world import LAST_DAY, World

    company = Company(World("appliances", customers=customers, seed=7, begins=LAST_DAY))
    pieces: dict[str, list[bytes]] = {}
    for part in (*crm(company.office), *members(company.office)):
        pieces.setdefault(part.file, [part.header]).append(part.body)
    for part in company.truth.told():
        if part.file.endswith("record.csv"):
            pieces.setdefault("record", [part.header]).append(part.body)
        elif "record" in pieces:
            break
    read = {name: pd.read_csv(io.BytesIO(b"".join(bodies)), dtype=str, encoding="utf-8-sig") for name, bodies in pieces.items()}
    office = read["CRM_客户.csv"].rename(columns={"客户编号": "id", "客户名称": "姓名"})[["id", "姓名", "手机", "邮箱", "城市"]]
    mall = read["小程序商城_会员.csv"].rename(columns={"会员编号": "id", "手机号": "手机"})[["id", "姓名", "手机", "性别", "生日", "城市"]]
    rows = pd.concat([office, mall], ignore_index=True)
    truth = read["record"].query("system in ('crm', 'mall')").drop_duplicates("native_id").set_index("native_id")["person_id"]
    who = rows["id"].map(truth)
    rows, who = rows[who.notna()].reset_index(drop=True), who[who.notna()]
    return Linked(rows.assign(id=_numbered(rows)), None, who.to_numpy(), NAMED["sandbox"])


def _products(folder: Path, name: str, *, taught: bool) -> Linked:
    """Two tables of the different rows of the pairs; judged on the pairs of valid, with the labels of train or without any."""
    pairs = {part: pd.read_parquet(folder / f"{name}_{part}.parquet") for part in ("train", "valid")}
    whole = pd.concat(pairs, names=["part"]).reset_index(level="part").reset_index(drop=True)
    tables = {}
    for side in ("left_", "right_"):
        cells = whole.filter(regex=f"^{side}(?!id$)").rename(columns=lambda column: column.partition("_")[2])
        number = pd.factorize(pd.util.hash_pandas_object(cells.astype(str), index=False))[0]
        whole[f"{side}id"] = number
        tables[side] = cells.assign(id=number).drop_duplicates("id").pipe(lambda rows: rows[["id", *rows.columns.drop("id")]])
    told = {part: rows[["left_id", "right_id", "label"]].reset_index(drop=True) for part, rows in whole.groupby("part")}
    key = (tables["left_"].columns[1],)
    who = np.arange(len(tables["left_"]) + len(tables["right_"]))
    return Linked(tables["left_"], tables["right_"], who, key, told["valid"], told["train"] if taught else None)
