"""Search in large books: a million entries on both databases; ``PORTAL_BENCH_ENTRIES=10000000`` for ten million."""
