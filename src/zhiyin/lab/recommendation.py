"""What fits whom? One call on any table of who took what."""

from zhiyin.recommend.general import fit_recommender

__all__ = ["fit_recommender"]
