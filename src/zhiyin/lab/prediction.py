"""What will happen to the rows of your table?"""

from zhiyin.predict.table import fit_predictor

__all__ = ["fit_predictor"]
