"""What would you advise the person who decides about a case: credit, a claim, an account?"""

from zhiyin.predict.credit import Template, fit_adviser

__all__ = ["Template", "fit_adviser"]
