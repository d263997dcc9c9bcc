"""The sections that reports are made of: each reads its figures where the site's pages read theirs."""
