"""Ratios of cost: what an organisation must spend on charity and may spend on itself, by the rules in force."""
