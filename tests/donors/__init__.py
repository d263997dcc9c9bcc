"""Donors as records."""
