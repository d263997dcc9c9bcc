"""Questions that citizens ask in public about the accounts, their answers, and complaints to the bureau."""
