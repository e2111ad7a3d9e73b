"""Which hidden tastes explain what people buy? Implicit-feedback matrix factorisation."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from zhiyin.recommend.neighbours import taste, well_known
from zhiyin.recommend.purchases import Floats, Ints, Purchases

# Spike on retail: 16 factors or 8 iterations change recall by less than .001.
FACTORS = 32
ITERATIONS = 4
REGULARIZATION = 5.0
# Confidence of a purchase is 1 + ALPHA x taste, as in the article.
ALPHA = 5.0

__all__ = ["TasteFactors"]


class TasteFactors:
    """Alternating least squares over purchases: no ratings needed, what was not bought counts as weak no.

    References:
        Hu, Koren, Volinsky, Collaborative Filtering for Implicit Feedback Datasets, ICDM 2008.
    """

    def __init__(self, purchases: Purchases, at: int, *, candidates: Ints, seed: int, threads: int) -> None:
        known = purchases.before(at)
        heard = well_known(known.bought())
        place = np.full(len(purchases.items), -1, np.int32)
        place[heard] = np.arange(len(heard))
        self._place = place[candidates]
        confidence = taste(known, at)[:, heard].tocsr()
        confidence.data = 1 + ALPHA * confidence.data
        self.customer_factors, self.item_factors = _factorise(confidence, seed=seed, threads=threads)

    def score(self, customers: Ints) -> Floats:
        """Customers x candidates: how well the item fits the customer's tastes; 0 where the item is too new to tell."""
        if not len(self.item_factors):
            return np.zeros((len(customers), len(self._place)), np.float32)
        fit = self.customer_factors[customers] @ self.item_factors[self._place].T
        return np.where(self._place >= 0, fit, 0).astype(np.float32)


def _factorise(confidence: sp.csr_matrix, *, seed: int, threads: int) -> tuple[Floats, Floats]:
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    if not confidence.nnz:
        return np.zeros((confidence.shape[0], FACTORS), np.float32), np.zeros((0, FACTORS), np.float32)
    # implicit runs its own threads; BLAS threads beside them make it many times slower, and it warns.
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=FACTORS, regularization=REGULARIZATION, iterations=ITERATIONS, num_threads=threads, random_state=seed, dtype=np.float32
        )
        model.fit(confidence, show_progress=False)
    return model.user_factors, model.item_factors
