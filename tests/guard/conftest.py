"""What the tests of the guard share: a small company whose every row is known, published once."""

import datetime
from types import SimpleNamespace

import pyarrow as pa
import pytest

from zhiyin.core.tables import table_named
from zhiyin.guard.access import Guard
from zhiyin.store.keys import derive_keys
from zhiyin.store.lake import Lake
from zhiyin.store.ledger import Ledger
from zhiyin.store.vault import Vault

ARROW = {
    "string": (pa.string(), "x"),
    "int64": (pa.int64(), 1),
    "float64": (pa.float64(), 1.0),
    "boolean": (pa.bool_(), True),
    "date": (pa.date32(), datetime.date(2026, 11, 1)),
    "timestamp": (pa.timestamp("us"), datetime.datetime(2026, 11, 1, 8)),  # noqa: DTZ001 - tables hold UTC without a zone
}
NOW = datetime.datetime(2026, 11, 21, 8, tzinfo=datetime.UTC)


def filled(table, **columns):
    """Rows of a table: the columns given, every other one filled with the same value."""
    n = len(next(iter(columns.values())))
    types = {column.name: ARROW[column.type] for column in table_named(table).columns}
    return pa.table({name: pa.array(columns.get(name, [default] * n), type_) for name, (type_, default) in types.items()})


def fill(build, people, *, only=()):
    """Write a company: customer -> (owner, team, records); each record has one order, each customer a profile and a next step."""
    customers, records = list(people), [(record, customer) for customer, (_, _, names) in people.items() for record in names]
    owners, teams = [people[customer][0] for customer in customers], [people[customer][1] for customer in customers]
    names, of = [record for record, _ in records], [customer for _, customer in records]
    content = {
        "customer": {"customer_id": customers, "owner_id": owners, "team_id": teams},
        "identity": {"record_id": names, "customer_id": of},
        "record": {"record_id": names, "owner_id": ["somebody else"] * len(names)},
        "order_line": {"source": ["s"] * len(names), "line_id": names, "record_id": names, "amount": list(range(len(names)))},
        "link_key": {"record_id": names, "kind": ["phone"] * len(names), "digest": ["d"] * len(names)},
        "profile": {"customer_id": customers, "spend": [100 * n for n in range(len(customers))]},
        "next_step": {"customer_id": customers, "owner_id": owners, "team_id": teams, "rank": list(range(len(customers)))},
        "product": {"product_id": ["p1", "p2"]},
    }
    for table in only or content:
        build.write(table, filled(table, **content[table]))


def _people():
    """36 customers of wang, li (north), zhao (south), of nobody, and of a rep without a team; every third has two records."""
    owned = [("wang", "north"), ("li", "north"), ("zhao", "south"), (None, None), ("", ""), ("sun", None)]
    return {f"c{n:02}": (*owned[n % 6], [f"c{n:02}", f"r{n:02}"] if n % 3 == 0 else [f"c{n:02}"]) for n in range(36)}


@pytest.fixture(scope="session")
def company(tmp_path_factory):
    """The lake, opened once, with what is in it as plain Python beside it."""
    keys, people = derive_keys(b"k" * 32), _people()
    lake = Lake(tmp_path_factory.mktemp("company") / "lake", keys.lake, memory_mb=128, threads=1, keep=1)
    with lake.build(carry=[]) as build:
        fill(build, people)
        build.publish()
    with lake.open() as view:
        yield SimpleNamespace(view=view, keys=keys, people=people, lake=lake, fill=fill, filled=filled, now=NOW)


@pytest.fixture
def ledger(tmp_path, company):
    made = Ledger(tmp_path / "ledger.db", company.keys.ledger)
    yield made
    made.close()


@pytest.fixture
def vault(tmp_path, company):
    made = Vault(tmp_path / "vault.db", company.keys)
    made.seal((record, "name", f"王{record}") for _, _, records in company.people.values() for record in records)
    made.seal((record, "phone", f"+86138000000{record[1:]}") for _, _, records in company.people.values() for record in records)
    yield made
    made.close()


@pytest.fixture
def make_guard(company, ledger, vault):
    def make(view=None, *, smallest_group=5, manager_sees_rows=False):
        return Guard(
            view or company.view,
            ledger,
            vault,
            smallest_group=smallest_group,
            manager_sees_rows=manager_sees_rows,
            clock=lambda: company.now,
        )

    return make


@pytest.fixture
def guard(make_guard):
    return make_guard()
