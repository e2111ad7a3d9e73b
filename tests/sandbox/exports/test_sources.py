import tomllib
from datetime import date

from sandbox.lived import exported, rows_of
from zhiyin.sandbox.exports.sources import sources


def test_every_column_that_is_named_stands_in_its_file():
    for scenario in ("appliances", "finance"):
        files = exported(scenario)
        told = tomllib.loads(files["sources.toml"].decode())
        assert len(told["source"]) > 12
        for source in told["source"]:
            start, _, end = source["file"].partition("*")
            (content, *_) = [files[name] for name in files if name.startswith(start) and name.endswith(end)]
            if source["file"].endswith((".csv", ".txt")):
                try:
                    content.decode("utf-8-sig")
                    encoding = "utf-8-sig"
                except UnicodeDecodeError:
                    encoding = "gb18030"
                header = set(rows_of(content, encoding=encoding, tab="\t" if source["file"].endswith(".txt") else ",")[0])
                assert set(source["columns"].values()) <= header, source["name"]


def test_only_files_that_are_there_are_named():
    told = tomllib.loads(sources(["CRM_客户.csv"], as_of=date(2026, 11, 2), goal="repurchase"))
    assert ([source["name"] for source in told["source"]], told["as_of"], told["goal"]) == (["crm-customers"], "2026-11-02", "repurchase")
    assert "source" not in tomllib.loads(sources([], as_of=date(2026, 11, 2), goal="repurchase"))
