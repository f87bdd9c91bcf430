/**
 * Neighbours of local authorities, how local authorities and schools came out of one another. What publishers say is
 * kept in versioned tables, as in the foundation; what is worked out from it (geographic_neighbour,
 * drawn_local_authority, school_lineage) stands as it is now and is rebuilt in the publishing transaction.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const VERSION = `
  from_release integer NOT NULL,
  to_release integer,
  row_hash bigint NOT NULL`;

export class Neighbours2 implements MigrationInterface {
  readonly name = 'Neighbours1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE statistical_neighbour (
  edition text NOT NULL,
  la_code text NOT NULL,
  rank smallint NOT NULL,
  neighbour_code text NOT NULL,
  closeness text NOT NULL,
  ${VERSION},
  PRIMARY KEY (la_code, edition, rank, from_release)
);
CREATE INDEX statistical_neighbour_now ON statistical_neighbour (la_code, edition, rank) WHERE to_release IS NULL;
COMMENT ON TABLE statistical_neighbour IS 'Ten statistical neighbours of each local authority, the closest first, in each edition (2025-05). A release ends rows only of the editions that it has.';

CREATE TABLE boundary_area (
  edition text NOT NULL,
  area_code text NOT NULL,
  area_name text NOT NULL,
  neighbour_codes text[] NOT NULL,
  ${VERSION},
  PRIMARY KEY (edition, area_code, from_release)
);
COMMENT ON TABLE boundary_area IS 'The areas that a boundary file draws, by GSS code, with those that share a border: as drawn, whatever they are areas of.';

CREATE TABLE drawn_local_authority (
  edition text NOT NULL,
  la_code text NOT NULL,
  PRIMARY KEY (edition, la_code)
);
CREATE TABLE geographic_neighbour (
  edition text NOT NULL,
  la_code text NOT NULL,
  neighbour_code text NOT NULL,
  drawn_in text NOT NULL,
  PRIMARY KEY (la_code, edition, neighbour_code)
);
COMMENT ON TABLE drawn_local_authority IS 'Which local authorities an edition of the boundaries draws: any other has no geographic neighbours in it. Rebuilt from boundary_area and local_authority_code.';
COMMENT ON TABLE geographic_neighbour IS 'Local authorities that share a border, both ways round. drawn_in: the boundary file in which they do. Rebuilt from boundary_area and local_authority_code.';

CREATE VIEW neighbour_edition AS
SELECT 'STATISTICAL' AS kind, edition, to_char(to_date(edition, 'YYYY-MM'), 'FMMonth YYYY') AS title,
  max(from_release) AS release_id, count(DISTINCT la_code)::int AS local_authorities
FROM statistical_neighbour WHERE to_release IS NULL GROUP BY edition
UNION ALL
SELECT 'GEOGRAPHIC', a.edition, 'Boundaries of ' || a.edition, max(a.from_release),
  (SELECT count(*)::int FROM drawn_local_authority d WHERE d.edition = a.edition)
FROM boundary_area a WHERE a.to_release IS NULL GROUP BY a.edition;

CREATE TABLE school_lineage (
  predecessor_urn integer NOT NULL,
  successor_urn integer NOT NULL,
  event text NOT NULL,
  event_is_inferred boolean NOT NULL,
  happened_on date,
  on_is_inferred boolean NOT NULL,
  PRIMARY KEY (predecessor_urn, successor_urn)
);
CREATE INDEX school_lineage_of_successor ON school_lineage (successor_urn);
COMMENT ON TABLE school_lineage IS 'Which school came out of which: the links of the register, each once, in one direction and without cycles. Rebuilt from establishment_link and school.';

CREATE TABLE local_authority_reorganisation (
  id smallint PRIMARY KEY,
  happened_on date NOT NULL,
  kind text NOT NULL,
  from_codes text[] NOT NULL,
  to_codes text[] NOT NULL,
  from_gss_codes text[] NOT NULL,
  to_gss_codes text[] NOT NULL,
  can_be_rebuilt boolean NOT NULL,
  note text NOT NULL
);
CREATE TABLE local_authority_succession (
  from_code text NOT NULL,
  to_code text NOT NULL,
  happened_on date NOT NULL,
  PRIMARY KEY (from_code, to_code)
);
COMMENT ON TABLE local_authority_reorganisation IS 'Declared in jobs/local-authority-changes.ts, and written whenever a process that writes starts.';
COMMENT ON TABLE local_authority_succession IS 'Which 3-digit code took over (part of) the area of which.';
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP VIEW neighbour_edition;
DROP TABLE statistical_neighbour, boundary_area, drawn_local_authority, geographic_neighbour, school_lineage,
  local_authority_reorganisation, local_authority_succession;`);
  }
}
