/**
 * The tables. Three kinds, and a rule for each:
 * - typed temporal tables for registers (school, establishment_group, …): one row per state of a thing;
 * - observation: one row per place, period and breakdown of a statistics file, its measures in an array;
 * - the record: data sets, releases, runs and issues.
 * A row of the first two kinds is valid from the release that brought it to the release that changed it
 * (to_release null = as the data stand now). Nothing is ever updated but to_release.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The columns by which every versioned table keeps its history. */
const VERSION = `
  from_release integer NOT NULL,
  to_release integer,
  row_hash bigint NOT NULL`;

export class Foundation1 implements MigrationInterface {
  readonly name = 'Foundation1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE data_set (
  number smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  title text NOT NULL,
  description text NOT NULL,
  publisher text NOT NULL,
  licence text NOT NULL,
  licence_url text NOT NULL,
  page_url text NOT NULL,
  schedule text NOT NULL,
  measures text[] NOT NULL,
  definition_hash text NOT NULL,
  next_due_at timestamptz,
  source_fingerprint text
);
COMMENT ON COLUMN data_set.measures IS 'Measure names; a measure''s place in observation.values is its place here. Only ever appended to.';

CREATE TABLE run (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  data_set_number smallint NOT NULL REFERENCES data_set,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  outcome text CHECK (outcome IN ('LOADED','UNCHANGED','REFUSED','UNAVAILABLE','FAILED','INTERRUPTED')),
  stage text NOT NULL,
  message text,
  release_id integer,
  rows_read integer NOT NULL DEFAULT 0,
  rows_rejected integer NOT NULL DEFAULT 0,
  rows_added integer NOT NULL DEFAULT 0,
  rows_ended integer NOT NULL DEFAULT 0,
  milliseconds jsonb NOT NULL DEFAULT '{}',
  warnings jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX run_of_data_set ON run (data_set_number, id DESC);

CREATE TABLE issue (
  run_id integer NOT NULL REFERENCES run ON DELETE CASCADE,
  file smallint NOT NULL,
  line integer NOT NULL,
  column_name text NOT NULL,
  value text NOT NULL,
  reason text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('REJECTED','LEFT_OUT','FIELD'))
);
CREATE INDEX issue_of_run ON issue (run_id);
COMMENT ON TABLE issue IS 'A row that could not be used (REJECTED), a row that is not what the table is for (LEFT_OUT), or a value that was left out of a row that was kept (FIELD).';

CREATE TABLE release (
  id integer PRIMARY KEY,
  data_set_number smallint NOT NULL REFERENCES data_set,
  title text NOT NULL,
  published_on date,
  published_basis text NOT NULL,
  retrieved_at timestamptz NOT NULL,
  url text NOT NULL,
  sha256 text NOT NULL,
  bytes bigint NOT NULL,
  rows_read integer NOT NULL,
  rows_rejected integer NOT NULL,
  definition_hash text NOT NULL,
  synthetic boolean NOT NULL
);
CREATE INDEX release_of_data_set ON release (data_set_number, id DESC);
COMMENT ON COLUMN release.id IS 'Rises with the day of publication, whatever the order of loading: see jobs/release-order.ts.';

CREATE TABLE release_file (
  release_id integer NOT NULL REFERENCES release ON DELETE CASCADE,
  ordinal smallint NOT NULL,
  url text NOT NULL,
  sha256 text NOT NULL,
  bytes bigint NOT NULL,
  etag text,
  last_modified text,
  PRIMARY KEY (release_id, ordinal)
);

CREATE TABLE finding (
  release_id integer NOT NULL REFERENCES release ON DELETE CASCADE,
  kind text NOT NULL,
  measure text NOT NULL,
  rows integer NOT NULL,
  message text NOT NULL,
  PRIMARY KEY (release_id, kind, measure)
);
COMMENT ON TABLE finding IS 'Figures of a release that disagree with each other: nothing is corrected, and readers are told.';

CREATE TABLE data_version (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  version bigint NOT NULL,
  synthetic boolean NOT NULL,
  changed_at timestamptz NOT NULL
);
INSERT INTO data_version (version, synthetic, changed_at) VALUES (0, false, now());

CREATE TABLE indicator (
  id text PRIMARY KEY,
  data_set_number smallint NOT NULL REFERENCES data_set,
  position smallint NOT NULL,
  numerator_position smallint,
  denominator_position smallint,
  multiplier double precision,
  name text NOT NULL,
  unit text NOT NULL
);

CREATE TABLE symbol (
  data_set_number smallint NOT NULL REFERENCES data_set,
  edition text NOT NULL,
  position smallint NOT NULL,
  symbol text NOT NULL,
  status text NOT NULL,
  meaning text NOT NULL,
  lower double precision,
  upper double precision,
  PRIMARY KEY (data_set_number, edition, position, symbol)
);
COMMENT ON COLUMN symbol.edition IS 'A publisher''s way of writing: the same symbol has meant other things in other years.';

CREATE TABLE place (
  id integer PRIMARY KEY,
  level text NOT NULL,
  code text NOT NULL,
  UNIQUE (level, code)
);
COMMENT ON TABLE place IS 'A place as published: a geographic level and the code a file used. A school is LEVEL SCHOOL (code URN) or LAESTAB (code LAESTAB).';

CREATE TABLE period (
  id smallint PRIMARY KEY,
  kind text NOT NULL,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  census_on date NOT NULL,
  UNIQUE (kind, starts_on, ends_on)
);

CREATE TABLE data_set_period (
  data_set_number smallint NOT NULL REFERENCES data_set,
  period_id smallint NOT NULL,
  code text NOT NULL,
  identifier text NOT NULL,
  label text NOT NULL,
  PRIMARY KEY (data_set_number, period_id)
);

CREATE TABLE coverage (
  data_set_number smallint NOT NULL REFERENCES data_set,
  level text NOT NULL,
  period_id smallint NOT NULL,
  release_id integer NOT NULL,
  PRIMARY KEY (data_set_number, level, period_id, release_id)
);
COMMENT ON TABLE coverage IS 'The releases that have a level and period; the newest is what a figure is cited to. Schools known by URN and by LAESTAB are one level, SCHOOL.';

CREATE TABLE breakdown (
  id integer PRIMARY KEY,
  data_set_number smallint REFERENCES data_set,
  code text NOT NULL,
  label text NOT NULL,
  filters jsonb NOT NULL,
  school_part boolean NOT NULL,
  UNIQUE (data_set_number, code)
);
INSERT INTO breakdown VALUES (0, NULL, 'total', 'Total', '{}', true);
COMMENT ON COLUMN breakdown.school_part IS 'At school level the file has no total row: a school is the sum of its rows with this flag (nearly always one).';

CREATE TABLE observation (
  row_hash bigint NOT NULL,
  place_id integer NOT NULL,
  breakdown_id integer NOT NULL,
  from_release integer NOT NULL,
  to_release integer,
  data_set_number smallint NOT NULL,
  period_id smallint NOT NULL,
  edition text,
  values double precision[] NOT NULL,
  raw jsonb,
  PRIMARY KEY (place_id, data_set_number, breakdown_id, period_id, from_release)
);
ALTER TABLE observation ALTER COLUMN values SET STORAGE MAIN;
COMMENT ON COLUMN observation.edition IS 'Whose symbols stand in raw; null where there is nothing in it.';
COMMENT ON COLUMN observation.raw IS 'By measure position: the published text where it is not the plain text of the value (a symbol, 0.50).';

CREATE TABLE school (
  urn integer NOT NULL,
  la_code text,
  establishment_number text,
  la_estab text,
  name text NOT NULL,
  type_code text,
  type_name text,
  type_group text,
  status text NOT NULL,
  phase text,
  opened_on date,
  closed_on date,
  reason_opened text,
  reason_closed text,
  low_age smallint,
  high_age smallint,
  gender text,
  religious_character text,
  admissions_policy text,
  nursery_provision text,
  official_sixth_form text,
  capacity integer,
  number_of_pupils integer,
  percentage_fsm real,
  census_on date,
  ukprn text,
  company_number text,
  street text,
  town text,
  postcode text,
  website text,
  region_letter text,
  urban_rural text,
  easting integer,
  northing integer,
  ${VERSION},
  PRIMARY KEY (urn, from_release)
);
CREATE INDEX school_now ON school (urn) WHERE to_release IS NULL;
CREATE INDEX school_of_la_now ON school (la_code, urn) WHERE to_release IS NULL;
CREATE INDEX school_by_la_estab_now ON school (la_estab) WHERE to_release IS NULL;
CREATE INDEX school_by_name_now ON school (name, urn) WHERE to_release IS NULL;

CREATE TABLE establishment_group (
  uid text NOT NULL,
  group_id text,
  name text NOT NULL,
  company_number text,
  type_code text NOT NULL,
  type_name text NOT NULL,
  status text NOT NULL,
  opened_on date,
  incorporated_on date,
  closed_on date,
  ukprn text,
  street text,
  town text,
  postcode text,
  ${VERSION},
  PRIMARY KEY (uid, from_release)
);
CREATE INDEX establishment_group_now ON establishment_group (uid) WHERE to_release IS NULL;
CREATE INDEX establishment_group_by_name_now ON establishment_group (name, uid) WHERE to_release IS NULL;

CREATE TABLE group_membership (
  urn integer NOT NULL,
  group_uid text NOT NULL,
  group_type_code text NOT NULL,
  joined_on date,
  ${VERSION},
  PRIMARY KEY (urn, group_uid, from_release)
);
CREATE INDEX membership_of_school_now ON group_membership (urn) WHERE to_release IS NULL;
CREATE INDEX membership_of_group_now ON group_membership (group_uid, urn) WHERE to_release IS NULL;

CREATE TABLE establishment_link (
  urn integer NOT NULL,
  link_urn integer NOT NULL,
  link_type text NOT NULL,
  link_name text NOT NULL,
  established_on date,
  ${VERSION},
  PRIMARY KEY (urn, link_urn, link_type, from_release)
);
CREATE INDEX link_of_school_now ON establishment_link (urn) WHERE to_release IS NULL;

CREATE TABLE local_authority_code (
  code text NOT NULL,
  gss_code text NOT NULL,
  name text NOT NULL,
  opened_on date,
  closed_on date,
  parent_code text,
  status text NOT NULL,
  ${VERSION},
  PRIMARY KEY (code, gss_code, from_release)
);
COMMENT ON TABLE local_authority_code IS 'The LA reference: a 3-digit code and each GSS code it has had, with dates.';

CREATE TABLE region_local_authority (
  region_code text NOT NULL,
  region_name text NOT NULL,
  code text NOT NULL,
  gss_code text NOT NULL,
  name text NOT NULL,
  ${VERSION},
  PRIMARY KEY (region_code, code, gss_code, from_release)
);

CREATE TABLE local_authority (
  code text PRIMARY KEY,
  gss_code text,
  name text NOT NULL,
  region_code text,
  opened_on date,
  closed_on date
);
CREATE UNIQUE INDEX local_authority_by_gss ON local_authority (gss_code);
CREATE INDEX local_authority_of_region ON local_authority (region_code, code);
COMMENT ON TABLE local_authority IS 'One row per 3-digit code, under its newest GSS code and name. Rebuilt from local_authority_code.';

CREATE TABLE region (
  code text PRIMARY KEY,
  name text NOT NULL,
  parent_code text
);
COMMENT ON TABLE region IS 'The nine regions, and Inner and Outer London as published sub-regions of London. Rebuilt from region_local_authority.';

CREATE TABLE school_place (
  place_id integer NOT NULL,
  urn integer NOT NULL,
  first_census date NOT NULL,
  last_census date NOT NULL,
  route text NOT NULL,
  PRIMARY KEY (urn, place_id, first_census)
);
CREATE INDEX school_place_by_place ON school_place (place_id);

CREATE TABLE school_match (
  data_set_number smallint NOT NULL REFERENCES data_set,
  period_id smallint NOT NULL,
  route text NOT NULL,
  places integer NOT NULL,
  PRIMARY KEY (data_set_number, period_id, route)
);
COMMENT ON TABLE school_match IS 'How many published schools of a period were joined to a URN, by route; UNJOINED were not.';

COMMENT ON TABLE school_place IS 'Which URN a published school row belongs to, between two census days, and by which route. Rebuilt when the register or the places change.';
`);
    await runner.query(`
-- Inner and Outer London stand for London where a file publishes only them.
INSERT INTO region VALUES ('E13000001', 'Inner London', 'E12000007'), ('E13000002', 'Outer London', 'E12000007');
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA schoolgraph CASCADE; CREATE SCHEMA schoolgraph;');
  }
}
