"""Copies of the books: made while the site writes, verified before they count, put back with a look at the signer."""
