"""Which rows of your tables are the same person, firm, product or paper?"""

from zhiyin.unify.linking.links import fit_linker, link

__all__ = ["fit_linker", "link"]
