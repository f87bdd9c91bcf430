/**
 * Of each school and data set the row of the newest period, which is what most questions about schools ask for: one way down
 * one index, where the places that mean the school, its periods and its breakdowns would have to be looked through.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NewestOfSchools10 implements MigrationInterface {
  readonly name = 'NewestOfSchools1700000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE school_newest (
  urn integer NOT NULL,
  data_set_number smallint NOT NULL,
  period_id smallint NOT NULL,
  edition text,
  values double precision[] NOT NULL,
  raw jsonb,
  PRIMARY KEY (urn, data_set_number)
);
ALTER TABLE school_newest ALTER COLUMN values SET STORAGE MAIN;
COMMENT ON TABLE school_newest IS 'Of each school and data set the row of observation of its newest period, as it stands; none for a school in parts. Rebuilt when the data set is published, or school_place changes.';
INSERT INTO school_newest
SELECT DISTINCT ON (sp.urn, o.data_set_number) sp.urn, o.data_set_number, o.period_id, o.edition, o.values, o.raw
FROM observation o JOIN period p ON p.id = o.period_id
JOIN school_place sp ON sp.place_id = o.place_id AND p.census_on BETWEEN sp.first_census AND sp.last_census
JOIN breakdown b ON b.id = o.breakdown_id AND (b.id = 0 OR b.school_part)
WHERE o.to_release IS NULL AND NOT EXISTS (SELECT FROM school_in_parts i WHERE i.urn = sp.urn AND i.data_set_number = o.data_set_number)
ORDER BY sp.urn, o.data_set_number, p.starts_on DESC, p.id DESC, o.place_id DESC;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE school_newest');
  }
}
