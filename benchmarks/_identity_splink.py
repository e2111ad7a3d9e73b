"""Splink 5.0.0 with the settings of its own demonstrations: 50k historical persons, FEBRL 3 and FEBRL 4."""

from __future__ import annotations

import logging

import pandas as pd
import splink.comparison_library as cl
from _identity_sets import Linked
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

DEMOS = {
    "persons": {
        "comparisons": lambda: [
            cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="both_names"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        "blocks": [
            ("substr(first_name,1,3)", "substr(surname,1,4)"),
            ("surname", "dob"),
            ("first_name", "dob"),
            ("postcode_fake", "first_name"),
            ("postcode_fake", "surname"),
            ("dob", "birth_place"),
            ("substr(postcode_fake,1,3)", "dob"),
            ("substr(postcode_fake,1,3)", "first_name"),
            ("substr(postcode_fake,1,3)", "surname"),
            ("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        "sure": [
            "l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob",
            "substr(l.first_name,1,2) = substr(r.first_name,1,2) and l.surname = r.surname and substr(l.postcode_fake,1,2) = substr(r.postcode_fake,1,2)",
            "l.dob = r.dob and l.postcode_fake = r.postcode_fake",
        ],
        "train": [("first_name", "surname"), ("dob",)],
        "recall": 0.6,
    },
    "febrl": {
        "comparisons": lambda: [
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
        "blocks": [
            ("given_name", "surname"),
            ("date_of_birth",),
            ("soc_sec_id",),
            ("state", "address_1"),
            ("street_number", "address_1"),
            ("postcode",),
        ],
        "sure": [
            "l.soc_sec_id = r.soc_sec_id",
            "l.given_name = r.given_name and l.surname = r.surname and l.date_of_birth = r.date_of_birth",
            "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
        ],
        "train": [("date_of_birth",), ("postcode",)],
        "recall": 0.9,
    },
}


def linked(found: Linked, name: str) -> pd.DataFrame:
    """`left_id`, `right_id`, `probability` of the pairs from one half on."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    demo = DEMOS["febrl" if name.startswith("febrl") else "persons"]
    frames = [frame.rename(columns={frame.columns[0]: "unique_id"}) for frame in (found.left, found.right) if frame is not None]
    if "first_name" in frames[0]:
        frames = [frame.assign(both_names=frame["first_name"].fillna("") + " " + frame["surname"].fillna("")) for frame in frames]
    settings = SettingsCreator(
        link_type="dedupe_only" if found.right is None else "link_only",
        comparisons=demo["comparisons"](),
        blocking_rules_to_generate_predictions=[block_on(*names) for names in demo["blocks"]],
    )
    engine = DuckDBAPI()
    linker = Linker([engine.register(frame) for frame in frames], settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(demo["sure"], recall=demo["recall"])
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for names in demo["train"]:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*names))
    told = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    return told.rename(columns={"unique_id_l": "left_id", "unique_id_r": "right_id", "match_probability": "probability"})
