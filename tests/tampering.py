"""What somebody with the database in hand could do: change it with the guards off, or put an older copy back."""

from sqlalchemy import text

from portal.db import db, writing
from portal.schema import install_guards
from portal.translog import reading, tree


def behind_the_back(statement: str) -> None:
    """Change something with the guards taken off."""
    with writing(even_in_doubt=True) as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text(statement))
            return
        triggers = (
            session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        )
        for name in triggers:
            session.execute(text(f'DROP TRIGGER "{name}"'))
        session.execute(text(statement))
        install_guards(connection)


def forget_last_leaf() -> None:
    """Put the log back by one leaf, as an older copy of the database would."""
    size = reading.log_size(db.session())
    packed = tree.frontier_at(size - 1, reading.subtrees(db.session())).pack().hex()
    frontier = f"decode('{packed}', 'hex')" if db.engine.dialect.name == "postgresql" else f"x'{packed}'"
    behind_the_back(f'DELETE FROM log_leaf WHERE "index" = {size - 1}')  # noqa: S608 - our own words
    behind_the_back(f"UPDATE log_head SET size = {size - 1}, frontier = {frontier}")  # noqa: S608
