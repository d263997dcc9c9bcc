"""The transparency log: a tree of bytes, its signed heads, and proofs. It knows no donation."""
