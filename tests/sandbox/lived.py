"""Worlds that were lived for some days, made once for all tests of this folder."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from zhiyin.sandbox.chance import Chance
from zhiyin.sandbox.company import Company
from zhiyin.sandbox.happened import Day
from zhiyin.sandbox.world import World

BEGINS = date(2026, 3, 2)  # a Monday


@cache
def lived(scenario: str = "appliances", *, customers: int = 1000, days: int = 60, seed: int = 7) -> tuple[World, tuple[Day, ...]]:
    """A world and its days; a test that goes on takes a copy."""
    world = World(scenario, customers=customers, seed=seed, begins=BEGINS)
    return world, tuple(world.step(world.habit()) for _ in range(days))


@cache
def exported(scenario: str = "appliances", *, customers: int = 1000, days: int = 60, seed: int = 7) -> dict[str, bytes]:
    """Every file of a company that was just founded, put together."""
    company = Company(World(scenario, customers=customers, seed=seed, begins=BEGINS))
    files: dict[str, bytes] = {}
    for part in [part for _ in range(days) for part in company.day()] + [*company.closed()]:
        files[part.file] = files.get(part.file, part.header) + part.body
    return files


def rows_of(content: bytes, *, encoding: str = "utf-8-sig", tab: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline=""), delimiter=tab))


def months(files: dict[str, bytes], start: str, **form: str) -> list[dict[str, str]]:
    """The rows of all files whose name starts like this."""
    return [row for name in sorted(files) if name.startswith(start) for row in rows_of(files[name], **form)]


def truth(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    """The rows of one file of the truth."""
    return rows_of(files[f"truth/{name}.csv"])


def orders_of(files: dict[str, bytes]) -> list[tuple[str, str, str, str, str]]:
    """System, month, order, customer and money of every good line, read back from the exports; bad rows are left out."""
    bad = {(row["file"], int(row["row"])) for row in truth(files, "bad_row")}
    found = []
    for system, (start, form, order, customer, at, paid) in SYSTEMS.items():
        for name in sorted(file for file in files if file.startswith(start)):
            for number, row in enumerate(rows_of(files[name], **form), start=1):
                if (name, number) not in bad:
                    found.append((system, _month(row[at]), row[order].strip('="'), row[customer], row[paid]))
    return found


def _month(at: str) -> str:
    year, month = at.replace("/", "-").split("-")[:2]
    return f"{year}-{int(month):02d}"


SYSTEMS = {
    "mall": ("小程序商城_订单_", {}, "订单号", "会员编号", "下单时间", "实付金额"),
    "tmall": ("天猫_订单_", {"encoding": "gb18030"}, "订单编号", "买家会员名", "订单付款时间", "买家实际支付金额"),
    "pos": ("门店POS_流水_", {"encoding": "gb18030", "tab": "\t"}, "流水号", "会员卡号", "交易时间", "金额"),
    "crm": ("CRM_销售单_", {}, "销售单号", "客户编号", "成交日期", "成交金额"),
}


def column(days: tuple[Day, ...], group: str, name: str) -> np.ndarray:
    """One column of all days."""
    return np.concatenate([day.rows(group)[name] for day in days])


def full(world: World) -> World:
    """The same world with shelves that are never empty, but for what is sold out by plan."""
    world.ground.wares.pieces[:] = 10**9
    return world


def lucky(world: World, seed: int) -> World:
    """A copy of the world with other luck from here on."""
    twin = world.copy(watched=False)
    twin.ground = replace(twin.ground, chance=Chance(seed))
    return twin
