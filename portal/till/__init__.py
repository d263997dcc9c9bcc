"""The till: what a clerk counted at the end of the day, against what was logged."""
