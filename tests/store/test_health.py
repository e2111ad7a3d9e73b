import pytest

from zhiyin.store import health
from zhiyin.store.health import findings
from zhiyin.store.keys import create_key_file, derive_keys


@pytest.fixture
def folder(tmp_path, published, ledger, vault):
    create_key_file(tmp_path / "zhiyin.key")
    ledger.close()
    vault.close()
    return tmp_path


def failed(folder, keys):
    return {finding.name: finding for finding in findings(folder, keys) if not finding.ok}


def test_a_sound_workspace(folder, keys):
    found = findings(folder, keys)
    assert [finding.name for finding in found if not finding.ok] == []
    assert len(found) == 12
    assert all(finding.what.zh and finding.what.en and finding.fix.en == "Nothing to do." for finding in found)
    assert not list(folder.glob("spill-*"))


def test_an_empty_folder_is_sound(tmp_path, keys):
    assert failed(tmp_path, keys) == {}


def test_a_readable_key_file(folder, keys):
    (folder / "zhiyin.key").chmod(0o644)
    assert failed(folder, keys)["key_file"].fix.en == "Run chmod 600 zhiyin.key."


def test_a_wrong_key(folder):
    found = failed(folder, derive_keys(b"w" * 32))
    assert found["right_key"].what.en == "The key fits the data: ledger.db, vault.db, lake"
    assert set(found) == {"right_key"}  # that every page then reads as damaged would be the wrong advice


def test_a_damaged_generation(folder, keys):
    with (folder / "lake" / "g000001.duckdb").open("r+b") as file:
        file.seek(9000)
        file.write(b"xxxx")
    assert "g000001.duckdb" in failed(folder, keys)["lake_whole"].what.en


@pytest.mark.parametrize(("name", "check"), [("ledger.db", "ledger_whole"), ("vault.db", "vault_whole")])
def test_a_damaged_page(folder, keys, name, check):
    with (folder / name).open("r+b") as file:
        file.seek(4096 + 50)
        file.write(b"xxxx")
    assert failed(folder, keys)[check].what.en.endswith(f"{name} is damaged (page 2)")


def test_files_that_others_can_read(folder, keys):
    (folder / "lake" / "g000001.duckdb").chmod(0o644)
    assert failed(folder, keys)["private_files"].fix.en == "Run chmod 600 g000001.duckdb."


@pytest.mark.parametrize("name", ["ledger", "vault"])
def test_a_lost_database(folder, keys, name):
    (folder / f"{name}.db").unlink()
    assert [finding.name for finding in findings(folder, keys) if not finding.ok] == [f"{name}_whole"]


def test_the_modes_of_a_build_under_way_do_not_matter(folder, keys):
    log = folder / "lake" / "g000002.duckdb.part.wal"
    log.touch(mode=0o644)
    assert "private_files" not in [finding.name for finding in findings(folder, keys) if not finding.ok]


def test_left_overs(folder, keys):
    (folder / "lake" / "g000002.duckdb.part").write_bytes(b"half")
    (folder / "lake" / "spill-1-dead").mkdir(mode=0o700)
    (folder / "lake" / "g000002.duckdb.part").chmod(0o600)
    found = failed(folder, keys)["left_overs"]
    assert found.what.en == "Half-written files: g000002.duckdb.part, spill-1-dead"
    assert "next `zhiyin import`" in found.fix.en


def test_a_build_under_way_is_no_left_over(folder, keys, published):
    with published.build(carry=[]):
        assert "left_overs" not in failed(folder, keys)


def test_little_space(folder, keys, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 50 * 2**20})())
    assert failed(folder, keys)["space"].fix.en.startswith("Free 15")


def test_old_libraries(folder, keys, monkeypatch):
    monkeypatch.setattr(health, "sqlite_version", lambda: (3, 50, 0))
    monkeypatch.setattr(health, "ENGINE_VERSION", "2.")
    found = failed(folder, keys)
    assert found["sqlite"].what.en == "Version of SQLite: SQLite 3.50.0 (>= 3.51.3)"
    assert found["duckdb"].fix.en == "Install duckdb==1.5.5."


def test_a_missing_extension(folder, keys, monkeypatch):
    monkeypatch.setattr(health.duckdb, "__version__", "1.5.99")
    assert "extension" in failed(folder, keys)
