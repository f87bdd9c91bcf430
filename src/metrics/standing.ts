/** How the loads stand, and the data: of each data set the last look that has ended, and the release that is served. */
export interface Standing {
  id: string;
  outcome: string | null;
  /** Seconds since the look ended. */
  finished: number | null;
  /** Seconds since the release was published. */
  age: number | null;
}

export const STANDING = `
  SELECT d.id, last.outcome, extract(epoch FROM now() - last.finished_at)::float8 AS finished,
    extract(epoch FROM now() - coalesce(r.published_on::timestamptz, r.retrieved_at))::float8 AS age
  FROM data_set d
  LEFT JOIN LATERAL (SELECT outcome, finished_at FROM run WHERE data_set_number = d.number AND finished_at IS NOT NULL
    ORDER BY id DESC LIMIT 1) last ON true
  LEFT JOIN LATERAL (SELECT published_on, retrieved_at FROM release WHERE data_set_number = d.number ORDER BY id DESC LIMIT 1) r ON true
  ORDER BY d.number`;
