/**
 * Questions that are saved under a short id. The API's role can only SELECT: what it may add goes through one function, which
 * makes the id of what it is given, writes one row that nobody can change, and lets no day and no table grow beyond a bound.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SavedQuery14 implements MigrationInterface {
  readonly name = 'SavedQuery1700000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE saved_query (
  id text PRIMARY KEY,
  query text NOT NULL,
  operation_name text,
  variables jsonb NOT NULL,
  saved_at timestamptz NOT NULL,
  as_of date,
  bytes integer NOT NULL
);
CREATE INDEX saved_query_saved_at ON saved_query (saved_at);
COMMENT ON TABLE saved_query IS 'Questions under a short id, which is made of what they are. as_of: the newest day of publication that was loaded when it was saved. Rows are only added, by save_query.';

CREATE FUNCTION save_query(asked text, operation text, given jsonb)
RETURNS TABLE (id text, saved_at timestamptz, as_of date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = schoolgraph, pg_temp AS $$
DECLARE
  content text := json_build_array(asked, operation, given)::text;
  -- The letters of base 58, of which none is taken for another.
  made text := left(translate(encode(sha256(convert_to(content, 'UTF8')), 'base64'), E'+/=0OIl\\n', ''), 10);
  found saved_query;
  today record;
BEGIN
  SELECT * INTO found FROM saved_query s WHERE s.id = made;
  IF found.id IS NULL THEN
    IF octet_length(content) > 16384 THEN
      RAISE EXCEPTION 'larger than 16384 bytes' USING ERRCODE = 'SG413';
    END IF;
    PERFORM pg_advisory_xact_lock(7305004);
    SELECT count(*) AS queries, coalesce(sum(s.bytes), 0) AS bytes INTO today
    FROM saved_query s WHERE s.saved_at > now() - interval '1 day';
    IF today.queries >= 1000 OR today.bytes + octet_length(content) > 4194304 OR pg_total_relation_size('saved_query') > 268435456 THEN
      RAISE EXCEPTION 'no more can be saved for now' USING ERRCODE = 'SG429';
    END IF;
    INSERT INTO saved_query
    VALUES (made, asked, operation, given, now(), (SELECT max(r.published_on) FROM release r), octet_length(content))
    ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT found FROM saved_query s WHERE s.id = made;
  END IF;
  IF (found.query, found.operation_name, found.variables) IS DISTINCT FROM (asked, operation, given) THEN
    RAISE EXCEPTION 'another question has this id' USING ERRCODE = 'SG409';
  END IF;
  RETURN QUERY SELECT found.id, found.saved_at, found.as_of;
END $$;
REVOKE ALL ON FUNCTION save_query FROM PUBLIC;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION save_query; DROP TABLE saved_query');
  }
}
