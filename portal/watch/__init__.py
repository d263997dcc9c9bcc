"""Keeping watch over the books: what is recomputed, when it is doubted, what is signed meanwhile."""
