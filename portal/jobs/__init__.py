"""Long work in the background: a queue in the database, a process for each piece of work, progress and cancel."""
