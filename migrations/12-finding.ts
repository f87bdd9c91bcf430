/**
 * Finding: names with the words that they are found by, codes that are looked up, and points on the grid with their latitude and
 * longitude. All are worked out from the registers (jobs/search-names.ts, jobs/grid-points.ts).
 */

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addGridPoints } from '../jobs/grid-points.js';
import { NAMED_KINDS, rebuildSearchNames } from '../jobs/search-names.js';

export class Finding12 implements MigrationInterface {
  readonly name = 'Finding1700000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE search_name (
  kind text NOT NULL,
  key text NOT NULL,
  field text NOT NULL,
  name text NOT NULL,
  stands boolean NOT NULL,
  words text[] NOT NULL,
  PRIMARY KEY (kind, key, field, name)
);
CREATE INDEX search_name_by_word ON search_name USING gin (words) WITH (fastupdate = off);
COMMENT ON TABLE search_name IS 'Every name that a school, trust, local authority or region has or had. stands: what is named exists today. Rebuilt for a kind when its register is published.';
CREATE TABLE search_word (
  word text PRIMARY KEY,
  names integer NOT NULL
);
COMMENT ON TABLE search_word IS 'How many names have a word. Rebuilt with search_name.';
CREATE TABLE grid_point (
  easting integer NOT NULL,
  northing integer NOT NULL,
  latitude double precision NOT NULL,
  longitude double precision NOT NULL,
  PRIMARY KEY (easting, northing)
);
COMMENT ON TABLE grid_point IS 'Latitude and longitude (WGS84) of a point of the British National Grid that a school stands at.';
CREATE INDEX school_at_now ON school (easting, northing) WHERE to_release IS NULL;
CREATE INDEX school_by_postcode_now ON school (replace(postcode, ' ', '') text_pattern_ops) WHERE to_release IS NULL;
CREATE INDEX establishment_group_by_postcode_now ON establishment_group (replace(postcode, ' ', '') text_pattern_ops) WHERE to_release IS NULL;
CREATE INDEX school_by_ukprn_now ON school (ukprn) WHERE to_release IS NULL;
`);
    // What is loaded already can be found at once.
    const client = {
      query: async (text: string, values?: unknown[]) => ({ rows: await runner.query(text, values) }),
    };
    for (const kind of NAMED_KINDS) await rebuildSearchNames(client, kind);
    await addGridPoints(client);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE search_name, search_word, grid_point; DROP INDEX school_at_now, school_by_postcode_now, establishment_group_by_postcode_now, school_by_ukprn_now',
    );
  }
}
