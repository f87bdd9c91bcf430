/**
 * school_place and school_match: which school each published school row means, worked out anew when the register or the
 * published places change, so that the order of loading does not matter. Only differences are written.
 */
import type { PoolClient } from 'pg';
import { columnsText } from './array-text.js';
import { matchSchools, type ObservedSchools, type SchoolPlace, SchoolRegister } from './school-matching.js';

/** Returns the numbers of the data sets that have rows of a place that has come to mean another school. */
export async function rebuildSchoolPlaces(client: PoolClient): Promise<Set<number>> {
  const { laEstabOf, urnOf } = await readPlaces(client);
  const observed = await readObserved(client, laEstabOf, urnOf);
  const register = observed.length > 0 ? await readRegister(client) : new SchoolRegister([], []);
  const { places, counts } = matchSchools(observed, laEstabOf, register);
  for (const [placeId, urn] of urnOf) {
    places.push({
      placeId,
      urn,
      firstCensus: '-infinity',
      lastCensus: 'infinity',
      route: 'PUBLISHED_URN',
    });
  }
  const changed = await writeDifferences(client, places);
  await client.query('DELETE FROM school_match');
  await client.query(
    'INSERT INTO school_match SELECT * FROM unnest($1::smallint[], $2::smallint[], $3::text[], $4::int[])',
    [
      counts.map(({ dataSet }) => dataSet),
      counts.map(({ period }) => period),
      counts.map(({ route }) => route),
      counts.map(({ places: number }) => number),
    ],
  );
  const changedUrns = new Set([...changed].flatMap((id) => urnOf.get(id) ?? []));
  const concerned = observed.filter(
    ({ places: ids, urns }) => ids.some((id) => changed.has(id)) || urns.some((urn) => changedUrns.has(urn)),
  );
  return new Set(concerned.map(({ dataSet }) => dataSet));
}

/** Places of schools: the LAESTAB of those known by it, the URN of the others. */
async function readPlaces(
  client: PoolClient,
): Promise<{ laEstabOf: Map<number, string>; urnOf: Map<number, number> }> {
  const { rows } = await client.query<[number, string, boolean]>({
    text: "SELECT id, code, level = 'SCHOOL' FROM place WHERE level IN ('SCHOOL', 'LAESTAB')",
    rowMode: 'array',
  });
  const laEstabOf = new Map<number, string>();
  const urnOf = new Map<number, number>();
  for (const [id, code, isUrn] of rows) {
    if (isUrn) urnOf.set(id, Number(code));
    else laEstabOf.set(id, code);
  }
  return { laEstabOf, urnOf };
}

/**
 * One row of the answer for each data set and period, which may name a place twice, and others than schools: a pass over
 * the rows is all that is asked of Postgres, and no sorting.
 */
async function readObserved(
  client: PoolClient,
  laEstabOf: ReadonlyMap<number, string>,
  urnOf: ReadonlyMap<number, number>,
): Promise<ObservedSchools[]> {
  const { rows } = await client.query(
    `SELECT o.data_set_number, o.period_id, pe.census_on::text, o.places FROM (
       SELECT data_set_number, period_id, array_to_string(array_agg(place_id), ',') AS places
       FROM observation
       WHERE to_release IS NULL
         AND data_set_number IN (SELECT data_set_number FROM coverage WHERE level = 'SCHOOL')
       GROUP BY 1, 2
     ) o JOIN period pe ON pe.id = o.period_id`,
  );
  return rows.map(({ data_set_number, period_id, census_on, places }) => {
    const ids = [...new Set<number>(JSON.parse(`[${places}]`))];
    return {
      dataSet: data_set_number,
      period: period_id,
      censusOn: census_on,
      places: ids.filter((id) => laEstabOf.has(id)),
      urns: ids.flatMap((id) => urnOf.get(id) ?? []),
    };
  });
}

async function readRegister(client: PoolClient): Promise<SchoolRegister> {
  const schools = await client.query<[number, string | null, string | null, string | null]>({
    text: 'SELECT urn, la_estab, opened_on::text, closed_on::text FROM school WHERE to_release IS NULL',
    rowMode: 'array',
  });
  const links = await client.query<[number, number]>({
    text: "SELECT urn, link_urn FROM establishment_link WHERE to_release IS NULL AND link_type LIKE 'Predecessor%'",
    rowMode: 'array',
  });
  return new SchoolRegister(
    schools.rows.map(([urn, laEstab, openedOn, closedOn]) => ({ urn, laEstab, openedOn, closedOn })),
    links.rows.map(([urn, predecessor]) => ({ urn, predecessor })),
  );
}

/** Returns the places that have come to mean another school. */
async function writeDifferences(client: PoolClient, places: SchoolPlace[]): Promise<Set<number>> {
  const { rows } = await client.query<[number, number, string, string, string]>({
    text: 'SELECT place_id, urn, first_census::text, last_census::text, route FROM school_place',
    rowMode: 'array',
  });
  const gone = new Map(rows.map((row) => [row.join(' '), row]));
  const added = places.filter(
    ({ placeId, urn, firstCensus, lastCensus, route }) =>
      !gone.delete([placeId, urn, firstCensus, lastCensus, route].join(' ')),
  );
  const ended = [...gone.values()];
  if (ended.length > 0) {
    await client.query(
      `DELETE FROM school_place sp USING unnest($1::int[], $2::int[], $3::date[]) AS g (place_id, urn, first_census)
       WHERE sp.place_id = g.place_id AND sp.urn = g.urn AND sp.first_census = g.first_census`,
      columnsText(ended, 0, 1, 2),
    );
  }
  if (added.length > 0) {
    await client.query(
      'INSERT INTO school_place SELECT * FROM unnest($1::int[], $2::int[], $3::date[], $4::date[], $5::text[])',
      columnsText(added, 'placeId', 'urn', 'firstCensus', 'lastCensus', 'route'),
    );
  }
  return new Set([...ended.map(([place]) => place), ...added.map(({ placeId }) => placeId)]);
}
