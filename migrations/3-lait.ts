/**
 * The tables of a file that is long already (a row per measure, place and year), and of its dictionary:
 * - series: one row per measure and place, its values in an array over the measure's periods, valid from the
 *   release that brought it to the release that changed it, like every other versioned row;
 * - series_measure and series_period: which measure a number means, and which period a position of the array.
 *   Numbers and positions are given once and for ever;
 * - lait_measure: the dictionary, a register.
 * And the columns in which the table of indicators keeps what a catalogue says of them.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Lait3 implements MigrationInterface {
  readonly name = 'Lait1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE series_measure (
  number smallint PRIMARY KEY,
  data_set_number smallint NOT NULL REFERENCES data_set,
  code text NOT NULL,
  UNIQUE (data_set_number, code)
);
COMMENT ON TABLE series_measure IS 'A measure of a series, under the code its file gives it.';

CREATE TABLE series_period (
  measure smallint NOT NULL,
  position smallint NOT NULL,
  period_id smallint NOT NULL,
  code text NOT NULL,
  label text NOT NULL,
  identifier text NOT NULL,
  from_release integer NOT NULL,
  last_release integer NOT NULL,
  to_release integer,
  PRIMARY KEY (measure, position, from_release)
);
COMMENT ON TABLE series_period IS 'Which period a position of series.values means for a measure, and how the file spells it. A position, once given, keeps its period; a spelling ("2025 (prov)", then "2025 (Final)") is versioned.';
COMMENT ON COLUMN series_period.last_release IS 'The newest release that has the period: what a figure is cited to. Older than the data set''s newest where a later release begins later.';

CREATE TABLE series (
  row_hash bigint NOT NULL,
  place_id integer NOT NULL,
  from_release integer NOT NULL,
  to_release integer,
  measure smallint NOT NULL,
  data_set_number smallint NOT NULL,
  values double precision[] NOT NULL,
  raw jsonb,
  PRIMARY KEY (measure, place_id, from_release)
);
ALTER TABLE series ALTER COLUMN values SET STORAGE MAIN;
COMMENT ON TABLE series IS 'A measure for a place: values[series_period.position].';
COMMENT ON COLUMN series.raw IS 'By position: the published text where it is not the plain text of the value (a symbol, 9.3699999999999992). A position with neither value nor text has no row in the file.';

CREATE TABLE lait_measure (
  topic text NOT NULL,
  measure_short text NOT NULL,
  measure_code text,
  measure text NOT NULL,
  chart_title text NOT NULL,
  polarity text NOT NULL,
  y_axis_name text NOT NULL,
  state_funded boolean,
  description text,
  methodology text,
  links text,
  data_owner text,
  last_update_on date,
  last_update_note text,
  next_update_on date,
  next_update_note text,
  decimals smallint,
  year_type text NOT NULL,
  has_quartile_bands boolean NOT NULL,
  from_release integer NOT NULL,
  to_release integer,
  row_hash bigint NOT NULL,
  PRIMARY KEY (topic, measure_short, from_release)
);
CREATE INDEX lait_measure_by_name ON lait_measure (measure_short);
COMMENT ON TABLE lait_measure IS 'The dictionary of the local authority interactive tool: a measure may stand under several topics.';

ALTER TABLE indicator ALTER COLUMN position DROP NOT NULL;
ALTER TABLE indicator
  ADD COLUMN series_measure smallint,
  ADD COLUMN description text,
  ADD COLUMN topics text[] NOT NULL DEFAULT '{}',
  ADD COLUMN decimals smallint,
  ADD COLUMN polarity text,
  ADD COLUMN unit_label text,
  ADD COLUMN methodology text,
  ADD COLUMN links text[] NOT NULL DEFAULT '{}',
  ADD COLUMN data_owner text,
  ADD COLUMN last_update_on date,
  ADD COLUMN last_update_note text,
  ADD COLUMN next_update_on date,
  ADD COLUMN next_update_note text,
  ADD COLUMN timing text,
  ADD COLUMN has_quartile_bands boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN indicator.series_measure IS 'Where its figures are, when they are in series: series.measure. Otherwise position, in observation.values.';
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE indicator DROP COLUMN series_measure, DROP COLUMN description, DROP COLUMN topics, DROP COLUMN decimals,
  DROP COLUMN polarity, DROP COLUMN unit_label, DROP COLUMN methodology, DROP COLUMN links, DROP COLUMN data_owner,
  DROP COLUMN last_update_on, DROP COLUMN last_update_note, DROP COLUMN next_update_on, DROP COLUMN next_update_note,
  DROP COLUMN timing, DROP COLUMN has_quartile_bands;
DELETE FROM indicator WHERE position IS NULL;
ALTER TABLE indicator ALTER COLUMN position SET NOT NULL;
DROP TABLE lait_measure, series, series_period, series_measure;`);
  }
}
