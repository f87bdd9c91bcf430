/** Which schools are the sum of several published rows of a period: three or four, so that all others need no summing. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SchoolsInParts8 implements MigrationInterface {
  readonly name = 'SchoolsInParts1700000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE school_in_parts (
  data_set_number smallint NOT NULL REFERENCES data_set,
  urn integer NOT NULL,
  PRIMARY KEY (data_set_number, urn)
);
COMMENT ON TABLE school_in_parts IS 'Schools that have several rows of a data set in some period, whose sum they are: a middle school under each of two phases. Rebuilt with school_place.';
INSERT INTO school_in_parts SELECT DISTINCT o.data_set_number, sp.urn FROM (
  SELECT o.data_set_number, o.place_id FROM observation o JOIN breakdown b ON b.id = o.breakdown_id AND b.school_part
  WHERE o.to_release IS NULL AND EXISTS (SELECT FROM breakdown p WHERE p.data_set_number = o.data_set_number AND p.school_part)
  GROUP BY o.data_set_number, o.place_id, o.period_id HAVING count(*) > 1
) o JOIN school_place sp ON sp.place_id = o.place_id;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE school_in_parts');
  }
}
