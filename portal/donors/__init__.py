"""Donors as the desk knows them: who they are, how to reach them, and which of them are the same."""
