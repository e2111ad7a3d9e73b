import os
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from learn.small import Last, Mean
from zhiyin.core.errors import Busy, KeyProblem, NotFound, PrivacyError, StoreError, UsageError
from zhiyin.core.words import Say
from zhiyin.learn import registry, shelf
from zhiyin.learn.card import REFUSED
from zhiyin.learn.shelf import Shelf

EXAMPLES = pd.DataFrame({"customer_id": ["a", "b", "c", "d"], "label": [0, 1, 1, 1]})
BOUGHT = pd.DataFrame({"customer_id": ["customer-1", "customer-2"], "item_id": ["tea", "rice"]})
PHASES = ("folder", "file", "card", "manifest", "rename")


@pytest.fixture(autouse=True)
def _registered(monkeypatch):
    monkeypatch.setattr(registry, "MODELS", {"mean": "learn.small:Mean", "last": "learn.small:Last"})


@pytest.fixture
def here(tmp_path):
    return Shelf(tmp_path / "models", seal=None, unseal=None)


def _sealer(key):
    def unseal(sealed):
        try:
            return AESGCM(key).decrypt(sealed[:12], sealed[12:], None)
        except InvalidTag as wrong:
            raise KeyProblem(Say("密钥不对。", "This is the wrong key."), fix=Say("用原来的密钥。", "Use the old key.")) from wrong

    return lambda content: (nonce := os.urandom(12)) + AESGCM(key).encrypt(nonce, content, None), unseal


def _save(where, labels=(0, 1, 1, 1), question="purchase"):
    model = Mean().fit(EXAMPLES.assign(label=labels))
    return where.save(model, replace(model.card(), question=question, made_at=datetime(2026, 11, 21, tzinfo=UTC)))


def _value(where, model_id):
    return where.load(model_id).predict(EXAMPLES)["value"].iloc[0]


def test_a_model_comes_back_with_its_card(here):
    model_id = _save(here)
    assert model_id.startswith("purchase-000001-m")
    assert _value(here, model_id) == 0.75
    card = here.card(model_id)
    assert (card.model_id, card.name, card.examples) == (model_id, "mean", 4)


def test_the_same_model_gets_the_same_id_on_another_machine(here, tmp_path):
    assert _save(here) == _save(Shelf(tmp_path / "other", seal=None, unseal=None))
    assert _save(here) != _save(here, labels=(0, 0, 1, 1))


def test_models_are_listed_oldest_first_by_question(here):
    first, other, second = _save(here), _save(here, question="churn"), _save(here)
    assert here.list("purchase") == [first, second]
    assert here.list() == [other, first, second]
    assert here.latest("purchase") == second
    assert here.latest("value") is None
    assert Shelf(here._folder / "nowhere", seal=None, unseal=None).list() == []


def test_files_are_private_and_safe(here):
    folder = here._folder / _save(here)
    assert sorted(path.name for path in folder.iterdir()) == ["arrays.npz", "card.json", "manifest.json", "state.json"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (here._folder, folder, *folder.iterdir()))


@pytest.mark.parametrize("name", ["arrays.npz", "card.json", "manifest.json", "state.json"])
def test_every_flipped_bit_is_found_before_loading(here, name):
    model_id = _save(here)
    path = here._folder / model_id / name
    content = path.read_bytes()
    every = 9 if name == "manifest.json" else 97  # no multiple of 8: it comes by each of the eight bits
    for place in range(0, len(content) * 8, every):
        damaged = bytearray(content)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        with pytest.raises(StoreError):
            here.load(model_id)
    path.write_bytes(content)
    assert _value(here, model_id) == 0.75


@pytest.mark.parametrize("damage", ["cut", "gone", "empty", "more"])
def test_other_damage_is_found_too(here, damage):
    model_id = _save(here)
    path = here._folder / model_id / "arrays.npz"
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[:-1])
        case "gone":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "more":
            path.with_name("more.npz").write_bytes(b"x")
    with pytest.raises(StoreError, match=r"was changed|does not belong to it"):
        here.load(model_id)


def test_swapped_folders_are_found(here):
    one, two = _save(here), _save(here, labels=(0, 0, 0, 1))
    folder = here._folder
    (folder / one).rename(folder / "aside")
    (folder / two).rename(folder / one)
    (folder / "aside").rename(folder / two)
    for model_id in (one, two):
        with pytest.raises(StoreError, match=r"What lies in the folder of a model does not belong to it"):
            here.load(model_id)


def test_the_model_before_serves_when_asked(here):
    first, second = _save(here), _save(here)
    (here._folder / second / "arrays.npz").write_bytes(b"")
    with pytest.raises(StoreError, match=rf"A file is missing or was changed. Got {second}/arrays.npz"):
        here.latest("purchase")
    assert here.latest("purchase", skip_damaged=True) == first
    assert _value(here, first) == 0.75
    (here._folder / first / "arrays.npz").write_bytes(b"")
    with pytest.raises(StoreError, match=second):
        here.latest("purchase", skip_damaged=True)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the child only saves and is killed
@pytest.mark.parametrize("phase", PHASES)
def test_a_kill_leaves_the_old_or_the_new_model_whole(here, monkeypatch, phase):
    first = _save(here)
    child = os.fork()
    if not child:
        try:  # killed without a chance to clean up
            monkeypatch.setattr(shelf, "_reached", lambda name: os._exit(9) if name == phase else None)
            _save(here, labels=(0, 0, 0, 1))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    latest = here.latest("purchase")
    assert _value(here, latest) == (0.25 if phase == "rename" else 0.75)
    assert len(here.list("purchase")) == (2 if phase == "rename" else 1)
    second = _save(here, labels=(0, 0, 1, 1))
    assert _value(here, second) == 0.5
    assert _value(here, first) == 0.75
    assert not list(here._folder.glob(".*.part"))


def test_a_failing_disk_leaves_the_old_model(here, monkeypatch):
    first = _save(here)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shelf, "folder_manifest", full)
    with pytest.raises(StoreError, match=r"The disk is full"):
        _save(here)
    assert here.latest("purchase") == first


def test_only_one_saves_at_a_time(here):
    _save(here)
    with here._alone(), pytest.raises(Busy, match=r"Another process is saving a model"):
        _save(here)
    _save(here)


def test_pruning_keeps_the_newest_whole_ones(here):
    ids = [_save(here) for _ in range(5)]
    (here._folder / ids[3] / "arrays.npz").write_bytes(b"")
    assert here.prune("purchase", keep=2) == tuple(ids[:2])
    assert here.list("purchase") == ids[2:]
    assert here.prune("purchase", keep=9) == ()
    assert _save(here).startswith("purchase-000006-")


def _refused(where, question="purchase"):
    model = Mean().fit(EXAMPLES)
    return where.save(model, replace(model.card(), question=question, state=REFUSED))


def test_a_refused_model_is_kept_and_never_the_latest(here):
    first = _save(here)
    refused = _refused(here)
    assert here.latest("purchase") == first
    assert here.card(refused).state == REFUSED
    assert _refused(here, question="churn")
    assert here.latest("churn") is None


def test_pruning_counts_refused_models_by_themselves(here):
    first = _save(here)
    many = [_refused(here) for _ in range(4)]
    assert here.prune("purchase", keep=2) == tuple(many[:2])
    assert here.list("purchase") == [first, *many[2:]]
    second, third = _save(here), _save(here)
    assert here.prune("purchase", keep=2) == (first,)
    assert here.list("purchase") == [*many[2:], second, third]


def test_approval_stands_on_the_card_and_leaves_the_files_as_they_are(here, tmp_path):
    first, second = _save(here), _save(here)
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert here.approve(second, by="boss", at=at).approved_by == "boss"
    again = Shelf(tmp_path / "models", seal=None, unseal=None)
    assert (again.card(second).approved_by, again.card(second).approved_at) == ("boss", at)
    assert again.card(first).approved_by == ""
    assert again.latest("purchase") == second


def test_what_was_refused_cannot_be_approved(here):
    with pytest.raises(UsageError, match="did not pass the fairness gate and cannot be approved") as told:
        here.approve(_refused(here), by="boss", at=datetime(2026, 11, 22, tzinfo=UTC))
    assert "没有通过公平检查" in told.value.in_("zh")


def test_pruning_keeps_at_least_one(here):
    with pytest.raises(UsageError, match=r"At least one model must be kept"):
        here.prune("purchase", keep=0)


@pytest.mark.parametrize("model_id", ["", "purchase", "purchase-000009-mabc", "../purchase-000001-m", "purchase-1-2-3"])
def test_an_unknown_model_lists_those_that_exist(here, model_id):
    known = _save(here)
    with pytest.raises(NotFound, match=rf"There is no such model on the shelf.*{known}"):
        here.load(model_id)


@pytest.mark.parametrize("question", ["", "../x", "Purchase", "a-b", "a b"])
def test_the_card_must_name_a_question(here, question):
    with pytest.raises(UsageError, match=r"The card must name a question, and this model"):
        _save(here, question=question)


def test_the_card_must_name_the_model(here):
    model = Mean().fit(EXAMPLES)
    with pytest.raises(UsageError, match=r"Got purchase, other"):
        here.save(model, replace(model.card(), question="purchase", name="other"))


def test_a_model_without_a_line_is_not_saved(here, monkeypatch):
    monkeypatch.setattr(registry, "MODELS", {})
    with pytest.raises(NotFound, match=r"No model is registered under this name. Got Mean"):
        _save(here)
    assert here.list() == []


def test_a_line_that_is_gone_is_named(here, monkeypatch):
    model_id = _save(here)
    monkeypatch.setattr(registry, "MODELS", {})
    with pytest.raises(NotFound, match=r"No model is registered under this name. Got mean"):
        here.load(model_id)


def _save_last(where):
    model = Last().fit(BOUGHT)
    return where.save(model, replace(model.card(), question="products"))


def test_ids_are_sealed(tmp_path):
    seal, unseal = _sealer(b"k" * 32)
    sealed = Shelf(tmp_path, seal=seal, unseal=unseal)
    model_id = _save_last(sealed)
    on_disk = b"".join(path.read_bytes() for path in (tmp_path / model_id).iterdir())
    assert not any("customer-1".encode(code) in on_disk for code in ("utf-8", "utf-32-le"))
    assert sealed.load(model_id).recommend(["customer-1"], 1)["item_id"].tolist() == ["tea"]


def test_ids_are_not_saved_without_a_key(here):
    with pytest.raises(PrivacyError, match=r"This model holds ids of customers and cannot be saved without a key"):
        _save_last(here)
    assert here.list() == []


def test_what_is_sealed_needs_its_key(tmp_path):
    seal, _ = _sealer(b"k" * 32)
    model_id = _save_last(Shelf(tmp_path, seal=seal, unseal=None))
    with pytest.raises(PrivacyError, match=r"This model is sealed and cannot be opened without a key"):
        Shelf(tmp_path, seal=None, unseal=None).load(model_id)
    with pytest.raises(KeyProblem, match=r"This is the wrong key"):
        Shelf(tmp_path, seal=None, unseal=_sealer(b"x" * 32)[1]).load(model_id)
    assert Shelf(tmp_path, seal=None, unseal=None).card(model_id).question == "products"


def test_the_same_sealed_model_has_the_same_id(tmp_path):
    seal, unseal = _sealer(b"k" * 32)
    one, two = (_save_last(Shelf(tmp_path / name, seal=seal, unseal=unseal)) for name in ("one", "two"))
    assert one == two
