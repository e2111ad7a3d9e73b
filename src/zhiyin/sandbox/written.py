"""How is each customer written down: name, phone, address, and number in each system?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.sandbox.chance import Ids
from zhiyin.sandbox.companies import company_name
from zhiyin.sandbox.ground import Ground
from zhiyin.sandbox.names import email_of, masked, person_name, pinyin_nick
from zhiyin.sandbox.people import People
from zhiyin.sandbox.places import CITIES, address, masked_phone, phone
from zhiyin.sandbox.scenario import SYSTEMS

__all__ = ["Written", "written"]

_CHANGED = 0.1  # of the customers: another phone since they were entered into the CRM
_BLOCK = 100_000  # customers whose texts are made at a time


@dataclass(frozen=True)
class Written:
    """Texts about the customers, one place each.

    `company` is empty for persons; `phone` is in the CRM, `mobile` the one that is in use; `till` the one that is told in a shop;
    `keys` the number of the customer in each of SYSTEMS; `reps` are the names of the reps.
    """

    name: pa.Array
    masked_name: pa.Array
    company: pa.Array
    phone: pa.Array
    mobile: pa.Array
    till: pa.Array
    masked_phone: pa.Array
    address: pa.Array
    email: pa.Array
    keys: tuple[pa.Array, ...]
    reps: pa.Array

    def key(self, system: str) -> pa.Array:
        """The number of each customer in a system."""
        return self.keys[SYSTEMS.index(system)]


def written(ground: Ground) -> Written:
    """Write everybody down, under numbers of the branch."""
    people, chance, ids = ground.people, ground.chance, np.arange(ground.people.n, dtype=np.int64)
    start = ground.first - 1
    names = _each(ids, _names(people))
    first = _each(ids, lambda who: map(phone, (2 * (who + start)).tolist()))
    second = _each(ids, lambda who: map(phone, (2 * (who + start) + 1).tolist()))
    changed = pa.array(chance.happens("changed phone", ids, share=_CHANGED))
    mobile = pc.if_else(changed, second, first)
    told = np.where(people.family >= 0, people.family, ids)
    return Written(
        name=names,
        masked_name=_each(ids, lambda who: map(masked, names.take(pa.array(who)).to_pylist(), who.tolist())),
        company=_each(ids, _companies(people)),
        phone=first,
        mobile=mobile,
        till=mobile.take(pa.array(told)),
        masked_phone=_each(ids, lambda who: map(masked_phone, mobile.take(pa.array(who)).to_pylist())),
        address=_each(ids, _addresses(people)),
        email=_each(ids, lambda who: _emails(people, who, names.take(pa.array(who)).to_pylist(), start)),
        keys=(
            _numbered("M8", ids + start),
            _each(ids, lambda who: _nicks(people, who, start)),
            _numbered("VIP", ids + start),
            _numbered("KH", ids + start),
        ),
        reps=_reps(people),
    )


def _each(ids: Ids, make: Callable[[Ids], Iterable[str]]) -> pa.Array:
    """A text for each customer, made block by block."""
    blocks = [pa.array(list(make(ids[at : at + _BLOCK])), pa.string()) for at in range(0, len(ids), _BLOCK)]
    return pa.concat_arrays(blocks)


def _numbered(prefix: str, ids: Ids) -> pa.Array:
    return pa.array([f"{prefix}{number:07d}" for number in (ids + 1).tolist()], pa.string())


def _names(people: People) -> Callable[[Ids], Iterable[str]]:
    def made(who: Ids) -> Iterable[str]:
        draws = people.chance.words("name", who).tolist()
        rows = zip(draws, people.woman[who].tolist(), people.born[who].tolist(), strict=True)
        return [person_name(draw, woman=woman, born=born) for draw, woman, born in rows]

    return made


def _companies(people: People) -> Callable[[Ids], Iterable[str]]:
    def made(who: Ids) -> Iterable[str]:
        draws = people.chance.words("company", who).tolist()
        rows = zip(draws, people.firm[who].tolist(), people.city[who].tolist(), strict=True)
        return [company_name(draw, CITIES[city].name) if firm else "" for draw, firm, city in rows]

    return made


def _addresses(people: People) -> Callable[[Ids], Iterable[str]]:
    def made(who: Ids) -> Iterable[str]:
        draws = people.chance.words("address", who).tolist()
        return [address(draw, CITIES[city].name) for draw, city in zip(draws, people.city[who].tolist(), strict=True)]

    return made


def _emails(people: People, who: Ids, names: list[str], start: int) -> Iterable[str]:
    """Three of ten persons have told one, and every firm."""
    tells = people.chance.happens("email", who, share=0.3) | people.firm[who]
    rows = zip((who + start).tolist(), names, people.born[who].tolist(), tells.tolist(), strict=True)
    return [email_of(name, place, born=born) if told else "" for place, name, born, told in rows]


def _nicks(people: People, who: Ids, start: int) -> Iterable[str]:
    """A marketplace nick, told apart by the end."""
    draws = people.chance.words("nick", who).tolist()
    return [f"{pinyin_nick(draw)}{place:x}" for draw, place in zip(draws, (who + start).tolist(), strict=True)]


def _reps(people: People) -> pa.Array:
    """Names of the reps; who is called like a colleague has a number behind the name."""
    draws = people.chance.words("rep name", np.arange(people.reps, dtype=np.int64)).tolist()
    met: dict[str, int] = {}
    found = []
    for draw in draws:
        name = person_name(draw, woman=bool(draw & 1), born=1980 + draw % 22)
        met[name] = met.get(name, 0) + 1
        found.append(name if met[name] == 1 else f"{name}{met[name]}")
    return pa.array(found, pa.string())
