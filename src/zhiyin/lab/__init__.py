"""Every engine on your own table in one call: no workspace, no configuration."""

__all__ = ["fit_linker", "fit_predictor", "link"]

from zhiyin.lab.linking import fit_linker, link
from zhiyin.lab.prediction import fit_predictor
