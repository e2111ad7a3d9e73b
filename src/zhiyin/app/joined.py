"""What holds the records of a customer together?"""

from __future__ import annotations

from zhiyin.app.home import Home
from zhiyin.app.identity_words import told_finding, told_pair
from zhiyin.app.whole import Whole

__all__ = ["links_within"]


def links_within(home: Home, whole: Whole) -> list[dict[str, object]]:
    """Every link and every merge among the records of a customer, with its findings in words; no pandas, as it stands on a page."""
    rows: list[dict[str, object]] = []
    for link in home.merges.joins(whole.records):
        findings = [told_finding(part) for part in link.findings.split()]
        ends = {"left_record": link.left_record, "right_record": link.right_record, "kind": link.kind, "seq": link.seq}
        rows.append({**ends, **told_pair(link.bits), "findings": findings, "by": "", "at": "", "reason": ""})
    for said in home.merges.decisions(whole.records):
        ends = {"left_record": said.left_record, "right_record": said.right_record, "kind": said.kind, "seq": said.seq}
        rows.append({**ends, "bits": said.bits, "findings": [], "by": said.by, "at": said.at, "reason": said.reason})
    return rows
