/**
 * The rows of observation that stand for schools, beside the school that each is of: the figures of every school in a period
 * lie together, and that of the newest period of one school is one way down one index. In the place of school_newest, which
 * had that alone. And the kinds of schools, so that what schools of a kind have is put together without looking at each.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const KIND = ['status', 'phase', 'type_code', 'type_group', 'la_code'];
const COLUMNS = KIND.join(', ');
const NUMBER = KIND.reduce((seed, column) => `hashtextextended(coalesce(s.${column}, ''), ${seed})`, '0');

export class SchoolObservation11 implements MigrationInterface {
  readonly name = 'SchoolObservation1700000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE school_observation (
  row_hash bigint NOT NULL,
  urn integer NOT NULL,
  breakdown_id integer NOT NULL,
  data_set_number smallint NOT NULL,
  period_id smallint NOT NULL,
  kind bigint,
  is_newest boolean NOT NULL,
  is_in_parts boolean NOT NULL,
  edition text,
  values double precision[] NOT NULL,
  raw jsonb
);
ALTER TABLE school_observation ALTER COLUMN values SET STORAGE MAIN;
COMMENT ON TABLE school_observation IS 'The rows of observation that are of a whole school or a part that it is the sum of, as they stand. Rebuilt when the data set is published, or school_place changes.';
COMMENT ON COLUMN school_observation.is_newest IS 'The one row of the school''s newest period; of a school in parts none is.';
COMMENT ON COLUMN school_observation.is_in_parts IS 'The school has several rows in some period: it is their sum (school_in_parts).';
COMMENT ON COLUMN school_observation.kind IS 'The kind that the school is of now (school_kind); null where the register does not have it.';

CREATE TABLE school_kind (
  kind bigint PRIMARY KEY,
  status text NOT NULL,
  phase text,
  type_code text,
  type_group text,
  la_code text,
  schools integer NOT NULL
);
COMMENT ON TABLE school_kind IS 'What schools of the register are counted by, each combination once, and how many schools have it. Rebuilt with the register.';

INSERT INTO school_kind (kind, ${COLUMNS}, schools)
SELECT ${NUMBER}, ${COLUMNS}, count(*) FROM school s WHERE s.to_release IS NULL GROUP BY ${COLUMNS};

INSERT INTO school_observation
SELECT o.row_hash, o.urn, o.breakdown_id, o.data_set_number, o.period_id, o.kind,
  NOT o.is_in_parts AND row_number() OVER (PARTITION BY o.urn, o.data_set_number ORDER BY o.starts_on DESC, o.period_id DESC, o.place_id DESC) = 1,
  o.is_in_parts,
  o.edition, o.values, o.raw
FROM (SELECT o.*, sp.urn, p.starts_on, k.kind,
    EXISTS (SELECT FROM school_in_parts i WHERE i.urn = sp.urn AND i.data_set_number = o.data_set_number) AS is_in_parts FROM observation o JOIN period p ON p.id = o.period_id
  JOIN school_place sp ON sp.place_id = o.place_id AND p.census_on BETWEEN sp.first_census AND sp.last_census
  JOIN breakdown b ON b.id = o.breakdown_id AND b.school_part
  LEFT JOIN (SELECT s.urn, ${NUMBER} AS kind FROM school s WHERE s.to_release IS NULL OFFSET 0) k ON k.urn = sp.urn
  WHERE o.to_release IS NULL) o
ORDER BY o.data_set_number, o.period_id, o.urn;
CREATE INDEX school_observation_by_period ON school_observation (data_set_number, period_id, urn);
CREATE UNIQUE INDEX school_observation_newest ON school_observation (urn, data_set_number) WHERE is_newest;
DROP TABLE school_newest;`);
  }

  async down(runner: QueryRunner): Promise<void> {
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
INSERT INTO school_newest SELECT urn, data_set_number, period_id, edition, values, raw FROM school_observation WHERE is_newest;
DROP TABLE school_observation, school_kind;`);
  }
}
