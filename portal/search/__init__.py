"""Find things and entries by their public words: an index of single characters and pairs (docs/adr/0026)."""
