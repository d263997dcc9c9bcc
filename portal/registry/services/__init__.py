"""What staff do to the registry: create, edit, suspend, resume, close. Nothing is ever deleted."""
