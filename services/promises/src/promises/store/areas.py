"""Which municipalities an organisation has promised something in."""

from chassis.database import Connection


async def owned_by(sql: Connection, organisation: str) -> list[str]:
    """The municipalities whose catalogue in force names the organisation as an owner."""
    rows = await sql.fetch(
        """
        SELECT municipality FROM (
            SELECT DISTINCT ON (municipality) municipality, document FROM catalogue_revision
            ORDER BY municipality, revision DESC
        ) AS latest
        WHERE jsonb_path_exists(
            document, '$.catalogue.**.owners[*] ? (@ == $owner)', jsonb_build_object('owner', $1::text)
        )
        ORDER BY municipality
        """,
        organisation,
    )
    return [row["municipality"] for row in rows]
