"""What will happen to the rows of your table?"""

from zhiyin.predict.table import fit_predictor
from zhiyin.predict.wishes import Wishes

__all__ = ["Wishes", "fit_predictor"]
