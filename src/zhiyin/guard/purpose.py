"""Which columns may be used for this purpose by this role?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zhiyin.core.errors import PrivacyError, UsageError, listed
from zhiyin.core.fields import IDENTIFIERS, NORMAL_FORMS, PROPOSED
from zhiyin.core.tables import PURPOSES, Purpose, Table
from zhiyin.core.words import Say
from zhiyin.guard.actors import Access, Role

__all__ = ["PURPOSES_OF_ROLE", "REVEALS", "allowed_columns", "refuse_conditions", "refuse_totals", "revealed_columns"]

# What each role works for. Nobody but the pipeline and the owner may ask whether two records are one person.
PURPOSES_OF_ROLE: dict[Role, frozenset[Purpose]] = {
    "owner": frozenset(PURPOSES),
    "run": frozenset({"identity", "analysis", "contact", "measurement"}),
    "rep": frozenset({"contact", "display", "measurement"}),
    "lead": frozenset({"contact", "display", "measurement"}),
    "manager": frozenset({"display", "measurement"}),
    "marketer": frozenset({"analysis", "contact", "display", "measurement"}),
    "analyst": frozenset({"analysis", "measurement"}),
    "admin": frozenset({"display", "measurement"}),
    "auditor": frozenset(),
}
_SENSITIVE: frozenset[Role] = frozenset({"owner", "rep", "lead"})  # who works with the person and may see what is sensitive
_MEASURES = ("sum", "mean")  # a minimum or maximum would be one person's figure
# Which identifiers may be opened for which purpose; a contact needs no ID number and no id of a browser.
REVEALS: dict[Purpose, frozenset[str]] = {
    "identity": frozenset(IDENTIFIERS) | {"source_key", "masked_phone", *NORMAL_FORMS, *PROPOSED},
    "display": frozenset(IDENTIFIERS) | {"source_key", *PROPOSED},
    "contact": frozenset(IDENTIFIERS) - {"id_number", "anonymous_id"},
}
_REVEALERS: dict[Role, frozenset[Purpose]] = {
    "owner": frozenset(REVEALS),
    "run": frozenset({"identity"}),
    "rep": frozenset({"display", "contact"}),
    "lead": frozenset({"display", "contact"}),
    "manager": frozenset({"display"}),
}


def allowed_columns(table: Table, access: Access) -> tuple[str, ...]:
    """The columns of `table` that `access` may use, in their order.

    Raises:
        PrivacyError: when the role does not have the purpose, or the table is of no use without what the purpose excludes.
    """
    _refuse_purpose(access)
    sensitive = access.actor.role in _SENSITIVE
    allowed = tuple(
        column.name for column in table.columns if access.purpose in column.purposes and (sensitive or column.sensitivity != "sensitive")
    )
    lost = [name for name in table.key if name not in allowed]
    if lost or not allowed:
        raise PrivacyError(
            Say("这张表不能用于这个目的。", "This table may not be used for this purpose."),
            got=f"{table.name}, {access.purpose}",
            fix=Say("换一个允许的目的，见 `zhiyin tables`。", "Name a purpose that it allows, see `zhiyin tables`."),
        )
    return allowed


def refuse_conditions(table: Table, columns: Iterable[str], *, asked: Iterable[str]) -> None:
    """Refuse to filter or sort by a column that the purpose hides: the answer would tell what it holds.

    Raises:
        PrivacyError: names the columns.
    """
    may = {*columns, "customer_id"} if table.person else set(columns)
    hidden = [name for name in asked if name in table.names and name not in may]
    if hidden:
        raise PrivacyError(
            Say("不能按这个目的不允许的列来筛选或排序。", "Columns that the purpose does not allow cannot filter or sort."),
            got=listed(hidden),
            fix=Say("去掉这些列。", "Leave them out."),
        )


def refuse_totals(table: Table, access: Access, *, by: str, measures: Mapping[str, str]) -> None:
    """Refuse totals by or of columns that are a person's id, are not allowed, or are no numbers.

    Raises:
        PrivacyError: when role, purpose or columns may not.
        UsageError: when a measure is no number, or is neither sum nor mean.
    """
    allowed = allowed_columns(table, access)
    personal = {"customer_id", "record_id"} | (set(table.key) if len(table.key) == 1 else set())
    refused = [name for name in (by, *measures) if name not in allowed or name in personal]
    if refused or not table.person:
        raise PrivacyError(
            Say("不能按这些列汇总。", "There are no totals by or of these columns."),
            got=f"{table.name}: {listed(refused)}" if refused else table.name,
            fix=Say("按群、等级或阶段这样的列汇总。", "Use a column such as segment, tier or stage."),
        )
    wrong = [name for name, how in measures.items() if how not in _MEASURES or table.types[name] not in ("int64", "float64") or name == by]
    if wrong:
        raise UsageError(
            Say("只能对数字列求和或求平均。", "Only numbers can be summed or averaged."),
            got=listed(wrong),
            fix=Say('写成 {列: "sum"} 或 {列: "mean"}。', 'Write {column: "sum"} or {column: "mean"}.'),
        )


def revealed_columns(columns: tuple[str, ...], access: Access) -> tuple[str, ...]:
    """The identifiers asked for, if role and purpose may open all of them.

    Raises:
        PrivacyError: when the role may not, or one of them is not needed for the purpose.
        UsageError: when there is no such identifier.
    """
    unknown = [name for name in columns if name not in REVEALS["identity"]]
    if unknown:
        raise UsageError(
            Say("没有这种身份信息。", "There is no such identifier."),
            got=listed(unknown),
            fix=Say(f"使用其中之一：{listed(sorted(REVEALS['identity']))}。", f"Use one of {listed(sorted(REVEALS['identity']))}."),
        )
    excess = [name for name in columns if name not in REVEALS.get(access.purpose, frozenset())]
    if access.purpose not in _REVEALERS.get(access.actor.role, frozenset()) or excess:
        raise PrivacyError(
            Say("这个角色不能为这个目的查看身份信息。", "This role may not open identifiers for this purpose."),
            got=f"{access.actor.role}, {access.purpose}" + (f", {listed(excess)}" if excess else ""),
            fix=Say("请负责这位客户的人查看。", "Ask the person in charge of the customer."),
        )
    return tuple(dict.fromkeys(columns))


def _refuse_purpose(access: Access) -> None:
    may = PURPOSES_OF_ROLE.get(access.actor.role, frozenset())
    if access.purpose not in may:
        raise PrivacyError(
            Say("这个角色不能为这个目的查看数据。", "This role may not read data for this purpose."),
            got=f"{access.actor.role}, {access.purpose}",
            fix=Say(f"可用的目的：{listed(sorted(may)) or '无'}。", f"Purposes of this role: {listed(sorted(may)) or 'none'}."),
        )
