"""Goods: quantities and values."""
