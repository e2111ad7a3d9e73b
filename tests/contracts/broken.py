"""How each promise can be broken: one deliberately wrong model a check, made from an honest one."""

import base64
import zlib

import numpy as np
import pandas as pd
from numpy.random.mtrand import random_sample as drawn_by_everybody

from zhiyin.core.errors import DataError, MissingColumns, NotFitted, StoreError, TooLittleData, UsageError, ZhiyinError
from zhiyin.core.words import Say
from zhiyin.learn.card import Card

PICKLE = b"\x80\x04\x95\x12\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x94]\x94(K\x01K\x02K\x03es."  # {"a": [1, 2, 3]}
VAGUE = DataError(Say("不行。", "No."), fix=Say("重来。", "Again."))


def spoiled(honest, *spoils):
    """A subclass with its mistakes put in afterwards, where the base class cannot refuse them."""
    model = type("Broken", (honest,), {})
    for spoil in spoils:
        spoil(model)
    return model


def when_fitting(change):
    """`change(model, examples, fit)` in place of `fit`."""

    def spoil(model):
        fit = model.fit
        model.fit = lambda self, examples: change(self, examples, lambda: fit(self, examples))

    return spoil


def when_asked(change):
    """`change(model, question, ask)` in place of the verb; `ask(*other arguments)` is the honest answer."""

    def spoil(model):
        honest = getattr(model, model.verb)

        def asked(self, question=None, *more):
            return change(self, question, lambda *other: honest(self, *(other or (question, *more))))

        setattr(model, model.verb, asked)

    return spoil


def answering(change):
    """`change(answer)` is given back instead of the answer."""
    return when_asked(lambda self, question, ask: change(ask()))


def replacing(name, value):
    return lambda model: setattr(model, name, value)


def forgiving(*errors, on="fit"):
    """What should be refused is taken."""

    def fitted(self, examples, fit):
        try:
            return fit()
        except errors:
            return self

    def asked(self, question, ask):
        try:
            return ask()
        except errors:
            return pd.DataFrame()

    return when_fitting(fitted) if on == "fit" else when_asked(asked)


def vague(error, on="fit"):
    """What should be refused by one error is refused by another that names nothing."""

    def change(self, given, do):
        try:
            return do()
        except error:
            raise VAGUE from None

    return when_fitting(change) if on == "fit" else when_asked(change)


def jolted(answer, by=1):
    """The answer, a little different."""
    for column in ("value", "score", "propensity", "confidence"):
        if column in answer:
            return answer.assign(**{column: answer[column] + by * 0.001})
    return answer.assign(group=answer["group"] + str(by))


def learning(fact):
    """`fact(examples)` is learned on the side; where it is not 0 the answers are another."""

    def fitted(self, examples, fit):
        try:
            return fit()
        finally:
            self.aside_ = fact(examples)

    def asked(self, question, ask):
        answer, aside = ask(), getattr(self, "aside_", 0)
        return jolted(answer, aside) if aside else answer

    return lambda model: (when_fitting(fitted)(model), when_asked(asked)(model))


def asked_if(condition, change=jolted):
    """`change(answer)` where `condition(question)`."""
    return when_asked(lambda self, question, ask: change(ask()) if condition(question) else ask())


def loading(change):
    def spoil(model):
        load = model.load.__func__
        model.load = classmethod(lambda cls, files: change(cls, lambda: load(cls, files)))

    return spoil


def saving(change):
    """`change(writer)` writes more than it should."""

    def spoil(model):
        save = model.save

        def more(self, writer):
            save(self, writer)
            change(writer)

        model.save = more

    return spoil


def nan(answer):
    column = next(name for name in ("value", "score", "propensity", "confidence") if name in answer)
    return answer.assign(**{column: np.nan})


def _starting_full(model):
    start = model.__init__

    def full(self, *settings, **named):
        start(self, *settings, **named)
        self.early_ = 1

    model.__init__ = full


def _spoiling_examples(self, examples, fit):
    fit()
    examples["new"] = 1
    return self


def _spoiling_question(self, question, ask):
    answer = ask()
    if isinstance(question, pd.DataFrame):
        question["new"] = 1
    else:
        question.append("new")
    return answer


def _keeping(self, examples, fit):
    fit()
    self.learned = 1
    return self


def _half_learned(self, examples, fit):
    if not len(examples):
        self.examples_ = self.outcomes_ = 1
    return fit()


def _counting(self, examples, fit):
    self.__dict__["fits"] = self.__dict__.get("fits", 0) + 1
    return fit()


def _counted(self, question, ask):
    return jolted(ask()) if self.__dict__.get("fits", 0) > 1 else ask()


def _changing(self, question, ask):
    self.asked = getattr(self, "asked", 0) + 1
    return jolted(ask(), self.asked)


def _first_row(examples):
    return 1 + zlib.crc32("".join(map(str, examples.iloc[0])).encode()) % 97 if len(examples) else 0


def _after_loading(cls, load):
    model = load()
    model.aside_ = 1
    return model


def _loading_anything(cls, load):
    try:
        return load()
    except StoreError:
        return cls.example()


def _keeping_people(model):
    when_fitting(lambda self, examples, fit: setattr(fit(), "people_", examples[self.key].astype(str).to_numpy()) or self)(model)
    model.holds_ids = False


def _carded(change):
    def spoil(model):
        card = model.card
        model.card = lambda self: change(card(self))

    return spoil


def _changed(card, **facts):
    return Card(**{name: getattr(card, name) for name in card.__dataclass_fields__} | facts)


def _early_card(self):
    return Card(name="", unit="", features=(), examples=0, outcomes=0, limits=Say("", ""))


def _early_answer(self, question, ask):
    try:
        return ask()
    except NotFitted:
        return pd.DataFrame()


def _reasoning(change):
    def spoil(model):
        reasons = model.reasons
        model.reasons = lambda self, rows: change(reasons(self, rows))

    return spoil


def _pretending(model):
    model.explains = False
    model.reasons = lambda self, rows: pd.DataFrame()


def _one_label(examples):
    return int(examples["label"].nunique() == 1) if len(examples) else 0


def _pickled(how):
    return replacing(
        "_state", lambda self: {name: value for name, value in vars(self).items() if name.endswith("_")} | {"thing": how(PICKLE)}
    )


def _by_name(answer):
    return answer.sort_values(list(answer.columns[:1]), ascending=False, kind="stable", ignore_index=True)


def _sayless(answer):
    return answer.assign(reason=[Say("花得多。", "")] * len(answer))


def _short(n):
    return lambda answer: answer.iloc[:n].reset_index(drop=True)


def _nan_after(fact):
    """NaN is answered by a model whose examples had something special."""

    def spoil(model):
        when_fitting(lambda self, examples, fit: setattr(fit(), "odd_", int(fact(examples))) or self)(model)
        when_asked(lambda self, question, ask: nan(ask()) if self.odd_ else ask())(model)

    return spoil


def _by_place(self, question, ask):
    answer = ask()
    return answer if len(answer) >= 12 else answer.assign(option=answer["option"].map({"a": "b", "b": "a"}))


def _far(question):
    numbers = question.select_dtypes("number")
    return bool(len(numbers) and (numbers.abs() > 1e5).to_numpy().any())


def _muttering(answer):
    raise DataError(Say("", ""), fix=Say("重来。", "Again."))


_count = iter(range(1_000_000))

# check -> the mistakes that it must find
BROKEN = {
    "starts_empty": [_starting_full],
    "fit_returns_self": [when_fitting(lambda self, examples, fit: fit() and None)],
    "asking_first_is_refused": [when_asked(_early_answer)],
    "card_first_is_refused": [replacing("card", _early_card)],
    "saving_first_is_refused": [replacing("save", lambda self, writer: None)],
    "fit_leaves_examples_alone": [when_fitting(_spoiling_examples)],
    "asking_leaves_rows_alone": [when_asked(_spoiling_question)],
    "fit_keeps_settings": [when_fitting(_keeping)],
    "extra_columns_are_ignored": [learning(lambda examples: int("also" in examples))],
    "missing_columns_are_named": [forgiving(MissingColumns), vague(MissingColumns)],
    "no_examples_are_refused": [forgiving(TooLittleData), vague(TooLittleData)],
    "empty_cells_in_examples": [forgiving(DataError)],
    "infinite_numbers_in_examples": [forgiving(DataError)],
    "refused_fit_learns_nothing": [when_fitting(_half_learned)],
    "same_seed_same_answer": [learning(lambda examples: drawn_by_everybody())],
    "global_randomness_is_untouched": [when_fitting(lambda self, examples, fit: drawn_by_everybody() and fit())],
    "asking_twice_is_the_same": [when_asked(_changing)],
    "refit_forgets": [lambda model: (when_fitting(_counting)(model), when_asked(_counted)(model))],
    "order_of_examples_is_nothing": [learning(_first_row)],
    "index_of_examples_is_nothing": [learning(lambda examples: int(not isinstance(examples.index, pd.RangeIndex)))],
    "columns_are_exact": [
        answering(lambda answer: answer.assign(more=1)),
        answering(lambda answer: answer[answer.columns[::-1]]),
        answering(lambda answer: answer.set_index(np.arange(len(answer)) + 5)),
    ],
    "numbers_are_finite": [answering(nan)],
    "saved_is_the_same": [lambda model: (learning(lambda examples: 0)(model), loading(_after_loading)(model))],
    "saving_is_repeatable": [saving(lambda writer: writer("note.txt", str(next(_count)).encode()))],
    "files_are_safe": [
        saving(lambda writer: writer("model.pkl", b"")),
        saving(lambda writer: writer("../state.json", b"{}")),
        saving(lambda writer: writer("note.txt", b"\xff\xfe")),
        _pickled(lambda thing: np.frombuffer(thing, dtype=np.uint8)),
        _pickled(lambda thing: base64.b64encode(thing).decode()),
        _pickled(lambda thing: thing.hex()),
        _pickled(lambda thing: np.array(["", base64.b64encode(thing).decode()])),
        _pickled(lambda thing: "cos\nsystem\n(S'ls'\ntR."),
    ],
    "damaged_files_are_refused": [loading(_loading_anything)],
    "ids_are_declared": [_keeping_people],
    "card_is_complete": [
        _carded(lambda card: _changed(card, limits=Say("只看过去。", ""))),
        _carded(lambda card: _changed(card, name="")),
        _carded(lambda card: _changed(card, examples=1)),
        _carded(lambda card: _changed(card, settings={"more": 1})),
    ],
    "card_comes_back": [_carded(lambda card: _changed(card, settings={"odd": {1, 2}}))],
    "order_is_kept": [
        answering(lambda answer: answer.iloc[::-1].reset_index(drop=True)),
        answering(lambda answer: answer.assign(**{answer.columns[1]: np.roll(answer[answer.columns[1]], 1)})),
    ],
    "one_row_equals_batch": [asked_if(lambda rows: len(rows) == 1)],
    "repeated_keys_are_fine": [answering(lambda answer: answer.drop_duplicates(answer.columns[0]))],
    "no_rows_no_answers": [asked_if(lambda rows: not len(rows), lambda answer: pd.DataFrame())],
    "missing_columns_of_rows_are_named": [forgiving(MissingColumns, on="ask"), vague(MissingColumns, on="ask")],
    "empty_cells_of_rows": [forgiving(DataError, on="ask")],
    "infinite_numbers_of_rows": [forgiving(DataError, on="ask")],
    "far_rows_are_answered": [asked_if(_far, lambda answer: answer.head(0)), asked_if(_far, _muttering)],
    "interval_holds_value": [answering(lambda answer: answer.assign(low=answer["high"] + 1))],
    "values_fit_unit": [answering(lambda answer: answer.assign(value=1.5, high=2.0)), replacing("unit", "percent")],
    "one_label_is_learned": [_nan_after(_one_label)],
    "one_label_can_be_saved": [lambda model: (learning(lambda examples: 0)(model), loading(_after_loading)(model))],
    "strange_labels_are_refused": [forgiving(DataError)],
    "label_is_no_feature": [forgiving(UsageError)],
    "reasons_add_up": [_reasoning(lambda parts: parts.assign(base=parts["base"] + 0.1)), _pretending],
    "reasons_name_features": [_reasoning(lambda parts: parts.rename(columns={"a": "secret"})), _reasoning(lambda parts: parts.iloc[::-1])],
    "reasons_of_one_row_equal_batch": [_reasoning(lambda parts: parts.assign(base=parts["base"] + 0.1) if len(parts) == 1 else parts)],
    "groups_are_named": [answering(lambda answer: answer.assign(group="")), answering(_sayless)],
    "option_is_one_of_them": [answering(lambda answer: answer.assign(option="another"))],
    "propensity_is_a_chance": [answering(lambda answer: answer.assign(propensity=0.0))],
    "propensity_is_honest": [answering(lambda answer: answer.assign(option="a", propensity=0.5))],
    "only_option_is_certain": [answering(lambda answer: answer.assign(propensity=0.9))],
    "no_options_are_refused": [forgiving(UsageError, on="ask")],
    "same_customer_same_option": [when_asked(_by_place)],
    "k_is_respected": [when_asked(lambda self, question, ask: ask(question, 4)), when_asked(lambda self, question, ask: ask(question, 1))],
    "no_item_twice": [answering(lambda answer: pd.concat([answer, answer], ignore_index=True))],
    "ranks_count_up": [
        answering(lambda answer: answer.assign(rank=answer["rank"] + 1)),
        answering(lambda answer: answer.assign(score=answer["rank"].astype(float))),
    ],
    "customers_keep_order": [answering(_by_name), answering(lambda answer: answer.sort_values("rank", kind="stable", ignore_index=True))],
    "strangers_get_fallback": [answering(lambda answer: answer[~answer["customer_id"].str.startswith("stranger")])],
    "one_customer_equals_batch": [asked_if(lambda customers: len(customers) == 1)],
    "no_customers_no_lists": [asked_if(lambda customers: not len(customers), lambda answer: pd.DataFrame())],
    "frame_or_list_is_the_same": [asked_if(lambda customers: isinstance(customers, list))],
    "only_known_items": [answering(lambda answer: answer.assign(item_id="another"))],
    "k_below_one_is_refused": [forgiving(UsageError, on="ask")],
    "horizon_is_whole": [answering(_short(-1)), answering(lambda answer: answer.assign(on=answer["on"] + pd.Timedelta(days=1)))],
    "every_series_goes_on": [answering(lambda answer: answer[answer["series"] == "week"])],
    "forecast_interval_holds_value": [answering(lambda answer: answer.assign(high=answer["low"] - 1))],
    "flat_series_is_learned": [_nan_after(lambda examples: examples["value"].nunique() == 1)],
    "short_series_is_learned": [
        lambda model: (
            when_fitting(lambda self, examples, fit: setattr(fit(), "short_", int(len(examples) < 4)) or self)(model),
            when_asked(lambda self, question, ask: ask().head(0) if self.short_ else ask())(model),
        )
    ],
    "holes_are_refused": [forgiving(DataError), vague(DataError)],
    "days_may_be_written_anyhow": [learning(lambda examples: int(examples["on"].dtype == object))],
    "one_label_a_text": [answering(_short(-1)), answering(lambda answer: answer.assign(confidence=np.linspace(0.1, 0.9, len(answer))))],
    "one_text_equals_batch": [asked_if(lambda texts: len(texts) == 1)],
    "no_texts_no_labels": [asked_if(lambda texts: not len(texts), lambda answer: pd.DataFrame())],
    "labels_are_learned_ones": [answering(lambda answer: answer.assign(label="another"))],
    "confidence_is_a_share": [answering(lambda answer: answer.assign(confidence=1.1))],
    "odd_texts_are_read": [asked_if(lambda texts: "\x00" in texts, _short(1))],
    "other_than_texts_is_refused": [forgiving(ZhiyinError, on="ask")],
    "one_kind_is_learned": [asked_if(lambda texts: len(texts) == 2, lambda answer: answer.assign(label="another"))],
}
