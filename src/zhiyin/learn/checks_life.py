"""What every model promises, whatever its verb."""

from __future__ import annotations

import io
import json
import random
import re
from pathlib import PurePath

import numpy as np
import pandas as pd

from zhiyin.core.errors import DataError, MissingColumns, NotFitted, StoreError, TooLittleData
from zhiyin.core.words import Say
from zhiyin.learn.card import Card
from zhiyin.learn.life import contains_ids
from zhiyin.learn.trial import Trial, alike, must, must_refuse, shuffled

__all__ = ["IDS", "INFINITE", "LIFE", "NUMBERS"]

SAFE = {".json", ".npz", ".txt"}
# What hides in text: base64 or hexadecimal of a pickle (protocol 4 and 5 begin with 80 04 95), and the old protocol that is text itself.
HIDDEN = re.compile(rb"gA[SW]V[\w+/]{20}|800[45]95[0-9a-f]{18}|\bc(?:os|posix|builtins|__builtin__|sklearn|numpy)[\w.]*\n\w+\n")
CLOSE = 1e-6


def _starts_empty(trial: Trial) -> None:
    """A new model only stores its settings: nothing is learned before fit."""
    early = [name for name in vars(trial.make()) if name.endswith("_")]
    must(not early, Say("fit 之前什么也没学", "nothing is learned before fit"), got=early)


def _fit_returns_self(trial: Trial) -> None:
    """`fit` returns the model itself, so that calls can be chained."""
    model = trial.make()
    must(model.fit(trial.examples.copy()) is model, Say("fit 返回模型自己", "fit returns the model itself"))


def _asking_first_is_refused(trial: Trial) -> None:
    """A model that has not learned says so when asked."""
    with must_refuse(NotFitted, "asking before fit"):
        model = trial.make()
        trial.answer(model, trial.early_question(model), k=3)


def _card_first_is_refused(trial: Trial) -> None:
    """A model that has not learned has no card."""
    with must_refuse(NotFitted, "a card before fit"):
        trial.make().card()


def _saving_first_is_refused(trial: Trial) -> None:
    """A model that has not learned cannot be saved."""
    with must_refuse(NotFitted, "saving before fit"):
        trial.make().save(lambda name, content: None)


def _fit_leaves_examples_alone(trial: Trial) -> None:
    """`fit` changes nothing in the frame it is given."""
    given = trial.examples.copy()
    trial.make().fit(given)
    must(_untouched(given, trial.examples), Say("fit 不改动样本", "fit leaves the examples as they were"))


def _asking_leaves_rows_alone(trial: Trial) -> None:
    """Asking changes nothing in what is asked."""
    question = trial.question(trial.model)
    before = question.copy() if question is not None else None
    trial.answer(trial.model, question)
    same = before is None or (_untouched(question, before) if isinstance(question, pd.DataFrame) else question == before)
    must(same, Say("提问不改动输入", "asking leaves the question as it was"))


def _fit_keeps_settings(trial: Trial) -> None:
    """`fit` leaves the settings as they were, and what it learns ends in `_` (or begins with it, for what need not be saved)."""
    model = trial.make()
    before = {name: repr(value) for name, value in vars(model).items()}
    model.fit(trial.examples.copy())
    after = {name: repr(value) for name, value in vars(model).items() if not (name.endswith("_") or name.startswith("_"))}
    must(
        before == after,
        Say("fit 不改设置，学到的以 _ 结尾", "fit keeps the settings, and what it learns ends in _"),
        got=set(before) ^ set(after) or "changed",
    )


def _extra_columns_are_ignored(trial: Trial) -> None:
    """Columns that the model does not need make no difference, in examples or in rows."""
    noise = np.random.default_rng(9)
    examples = trial.examples.assign(**{"another column": noise.normal(size=len(trial.examples)), "also": "x"})
    model = trial.make().fit(examples)
    question = trial.question(model)
    if isinstance(question, pd.DataFrame):
        question = question.assign(**{"another column": noise.normal(size=len(question)), "also": "x"})
    must(alike(trial.answer(model, question), trial.said(trial.model), within=CLOSE), Say("忽略多余的列", "extra columns are ignored"))


def _missing_columns_are_named(trial: Trial) -> None:
    """Examples that lack a column are refused, and the column is named."""
    for column in trial.columns:
        with must_refuse(MissingColumns, "a missing column", naming=column):
            trial.make().fit(trial.examples.drop(columns=column))


def _no_examples_are_refused(trial: Trial) -> None:
    """Nothing can be learned from nothing."""
    with must_refuse(TooLittleData, "an empty frame"):
        trial.make().fit(trial.examples.head(0))


def _empty_cells_in_examples(trial: Trial) -> None:
    """Empty cells are refused and their column named; in features a model may accept them, then it must cope."""
    for column in trial.columns:
        examples = trial.examples.copy()
        examples[column] = examples[column].where(examples.index != 1)
        if trial.make().accepts_missing and column in trial.make().needs:
            trial.said(trial.make().fit(examples))
            continue
        with must_refuse(DataError, "an empty cell", naming=column):
            trial.make().fit(examples)


def _infinite_numbers_in_examples(trial: Trial) -> None:
    """Infinite numbers are refused and their column named."""
    for column in (name for name in trial.columns if trial.examples[name].dtype.kind in "if"):
        examples = trial.examples.astype({column: float})
        examples.loc[1, column] = np.inf
        with must_refuse(DataError, "an infinite number", naming=column):
            trial.make().fit(examples)


def _refused_fit_learns_nothing(trial: Trial) -> None:
    """A fit that was refused leaves a model that has not learned."""
    model = trial.make()
    with must_refuse(TooLittleData, "an empty frame"):
        model.fit(trial.examples.head(0))
    with must_refuse(NotFitted, "asking after a refused fit"):
        model.card()


def _same_seed_same_answer(trial: Trial) -> None:
    """The same examples and settings give the same answers, whatever the state of the global random numbers."""
    answers = [trial.said(_fit_under(trial, seed)) for seed in (1, 2)]
    must(alike(*answers), Say("同样的样本和种子给出同样的结果", "the same examples and seed give the same answers"))


def _global_randomness_is_untouched(trial: Trial) -> None:
    """A model draws from its own seed, never from the global random numbers."""
    before = _global_randomness()
    trial.said(trial.make().fit(trial.examples.copy()))
    must(_global_randomness() == before, Say("不动用全局随机数", "global random numbers are left alone"))


def _asking_twice_is_the_same(trial: Trial) -> None:
    """Asking does not change the model."""
    must(alike(trial.said(trial.model), trial.said(trial.model)), Say("问两次得到同样的回答", "asking twice gives the same answer"))


def _refit_forgets(trial: Trial) -> None:
    """A second fit gives what a fresh model gives: nothing of the first is left."""
    again = trial.make().fit(trial.other_examples(2, rows=80)).fit(trial.examples.copy())
    must(alike(trial.said(again), trial.said(trial.model)), Say("重新学习会忘掉旧的", "a second fit forgets the first"))


def _order_of_examples_is_nothing(trial: Trial) -> None:
    """The order of the examples does not change the answers, unless the model declares it."""
    if trial.make().order_matters:
        return
    model = trial.make().fit(shuffled(trial.examples))
    must(
        alike(trial.said(model), trial.said(trial.model), within=CLOSE),
        Say("样本顺序不影响结果", "the order of the examples makes no difference"),
    )


def _index_of_examples_is_nothing(trial: Trial) -> None:
    """The index of a frame is no information."""
    model = trial.make().fit(trial.examples.set_index(np.arange(len(trial.examples)) // 2 * -1))
    must(alike(trial.said(model), trial.said(trial.model)), Say("索引不影响结果", "the index of the examples makes no difference"))


def _columns_are_exact(trial: Trial) -> None:
    """An answer has exactly the columns of the verb, counted from 0, numbers as float64."""
    question = trial.question(trial.model)
    answer = trial.answer(trial.model, question, k=3)
    must(
        tuple(answer.columns) == trial.answer_columns,
        Say("列名完全一致", "the columns are exactly those of the verb"),
        got=list(answer.columns),
    )
    must(list(answer.index) == list(range(len(answer))), Say("索引从 0 数起", "rows are counted from 0"), got=list(answer.index[:3]))
    numbers = {"value", "low", "high", "score", "confidence", "margin", "propensity"} & set(answer.columns)
    must(all(answer[name].dtype == np.float64 for name in numbers), Say("数字是 float64", "numbers are float64"), got=dict(answer.dtypes))


def _numbers_are_finite(trial: Trial) -> None:
    """No answer holds NaN or infinity."""
    numbers = trial.said(trial.model).select_dtypes("number")
    must(bool(np.isfinite(numbers.to_numpy(dtype=np.float64)).all()), Say("回答里的数都是有限的", "all numbers of an answer are finite"))


def _saved_is_the_same(trial: Trial) -> None:
    """A model that was saved and loaded gives the same answers, digit by digit."""
    loaded = type(trial.model).load(trial.files())
    must(alike(trial.said(loaded), trial.said(trial.model)), Say("存取之后结果一致", "saved and loaded, it gives the same answers"))


def _saving_is_repeatable(trial: Trial) -> None:
    """Saving twice, and saving what was loaded, writes the same bytes."""
    files, again = trial.files(), dict[str, bytes]()
    type(trial.model).load(files).save(again.__setitem__)
    must(files == trial.files() == again, Say("保存的字节可重复", "saving again writes the same bytes"))


def _files_are_safe(trial: Trial) -> None:
    """Only JSON, npz and text are saved; nothing that runs when it is read, not even inside of them."""
    for name, content in trial.files().items():
        must(PurePath(name).suffix in SAFE and PurePath(name).name == name, Say("只用安全格式", "only safe formats are saved"), got=name)
        try:
            hidden = any(_is_pickle(part) for part in (content, *_inside(name, content)))
        except ValueError as wrong:
            must(False, Say("文件可以安全读出", "a file can be read safely"), got=f"{name}: {wrong}")
        else:
            must(not hidden, Say("没有 pickle", "no pickle is saved"), got=name)


def _damaged_files_are_refused(trial: Trial) -> None:
    """A model with a file missing or cut is not loaded."""
    files = trial.files()
    for name in files:
        for part in ({}, {name: files[name][: len(files[name]) // 2]}):
            with must_refuse(StoreError, f"a damaged {name}"):
                type(trial.model).load({other: files[other] for other in files if other != name} | part)


def _ids_are_declared(trial: Trial) -> None:
    """A model whose files hold ids of customers says so (`holds_ids`), so that the shelf seals them."""
    if contains_ids(trial.model):
        return
    ids = [str(one).encode(code) for one in trial.examples[trial.model.key].unique() for code in ("utf-8", "utf-32-le")]
    found = [name for name, content in trial.files().items() if any(one in content for one in ids)]
    must(not found, Say("含客户编号的模型要声明", "a model that holds ids of customers declares it"), got=found)


def _card_is_complete(trial: Trial) -> None:
    """The card names the model, its unit, features, examples, settings, seed, and its limits in both languages."""
    card = trial.model.card()
    settings = {name for name in vars(trial.make()) if not name.startswith("_")}
    facts = {
        "name": bool(card.name),
        "unit": card.unit == trial.model.unit,
        "features": tuple(card.features) == tuple(trial.model.needs),
        "examples": card.examples == len(trial.examples),
        "outcomes": 0 <= card.outcomes <= card.examples,
        "settings": set(card.settings) == settings,
        "seed": card.seed == trial.model.seed,
        "limits": all(card.limits),
        "text": all(limit in card.text(language) for limit, language in zip(card.limits, ("zh", "en"), strict=True)),
    }
    must(all(facts.values()), Say("模型卡完整", "the card is complete"), got=[name for name, told in facts.items() if not told])


def _card_comes_back(trial: Trial) -> None:
    """The card survives being written as JSON."""
    card = trial.model.card()
    try:
        again = Card.from_json(card.to_json()).to_json() == card.to_json()
    except (TypeError, ValueError) as wrong:
        must(False, Say("模型卡可存取", "the card can be written as JSON"), got=wrong)
    else:
        must(again, Say("模型卡可存取", "the card comes back from JSON"))


LIFE = (
    _starts_empty,
    _fit_returns_self,
    _asking_first_is_refused,
    _card_first_is_refused,
    _saving_first_is_refused,
    _fit_leaves_examples_alone,
    _asking_leaves_rows_alone,
    _fit_keeps_settings,
    _extra_columns_are_ignored,
    _missing_columns_are_named,
    _no_examples_are_refused,
    _empty_cells_in_examples,
    _refused_fit_learns_nothing,
    _same_seed_same_answer,
    _global_randomness_is_untouched,
    _asking_twice_is_the_same,
    _refit_forgets,
    _order_of_examples_is_nothing,
    _index_of_examples_is_nothing,
    _columns_are_exact,
    _saved_is_the_same,
    _saving_is_repeatable,
    _files_are_safe,
    _damaged_files_are_refused,
    _card_is_complete,
    _card_comes_back,
)
# Promises that only some verbs can break: readers take no numbers, groups are no numbers, series and texts have no customers.
INFINITE, NUMBERS, IDS = (_infinite_numbers_in_examples,), (_numbers_are_finite,), (_ids_are_declared,)


def _untouched(now: pd.DataFrame, before: pd.DataFrame) -> bool:
    return bool(now.equals(before)) and list(now.columns) == list(before.columns) and list(now.dtypes) == list(before.dtypes)


def _global_randomness() -> tuple[str, str]:
    return repr(random.getstate()), repr([part.tolist() if isinstance(part, np.ndarray) else part for part in np.random.get_state()])


def _fit_under(trial: Trial, seed: int) -> object:
    """A model that learned while the global random numbers stood elsewhere; they are put back."""
    python, numpy_ = random.getstate(), np.random.get_state()
    try:
        random.seed(seed)
        np.random.seed(seed)
        return trial.make().fit(trial.examples.copy())
    finally:
        random.setstate(python)
        np.random.set_state(numpy_)


def _inside(name: str, content: bytes) -> list[bytes]:
    """The parts of a file that could hide something: its arrays of bytes and of texts."""
    match PurePath(name).suffix:
        case ".json":
            json.loads(content)
            return [content.replace(b"\\n", b"\n")]
        case ".npz":
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                parts = [arrays[inside] for inside in arrays.files]
            return [
                "\n".join(part.ravel()).encode() if part.dtype.kind == "U" else part.tobytes()
                for part in parts
                if part.dtype.kind in "USV" or part.itemsize == 1
            ]
        case _:
            content.decode()
    return []


def _is_pickle(content: bytes) -> bool:
    """Protocols 2 to 5 begin with 80 and their number and end with a full stop."""
    raw = len(content) > 2 and content[0] == 0x80 and 2 <= content[1] <= 5 and content.rstrip(b"\0").endswith(b".")
    return raw or HIDDEN.search(content) is not None
