"""Per-capita giving: the figures that staff enter and the series worked out from them."""
