"""Settings of the installation: a table of those services that follow some."""

import sqlalchemy as sa


def attach(metadata: sa.MetaData) -> None:
    """Add the table to a service's metadata; doing it twice changes nothing."""
    if "known_parameters" not in metadata.tables:
        sa.Table(
            "known_parameters",
            metadata,
            sa.Column("key", sa.String(64), primary_key=True),
            sa.Column("value", sa.Text(), nullable=False),  # JSON
        )


def known_parameters(metadata: sa.MetaData) -> sa.Table:
    """A row per setting that somebody changed, with the value that holds since."""
    return metadata.tables["known_parameters"]
