/**
 * TypeORM's view of the database: the one list of entities and migrations. The writer (jobs, migrations) and
 * the reader (API) are the same tables under other rights.
 */
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { Foundation1 } from '../../migrations/1-foundation.js';
import { Neighbours2 } from '../../migrations/2-neighbours.js';
import { Lait3 } from '../../migrations/3-lait.js';
import { GroupLinks4 } from '../../migrations/4-group-links.js';
import { ObservationOfDataSet5 } from '../../migrations/5-observation-of-data-set.js';
import { NameSearch6 } from '../../migrations/6-name-search.js';
import { ObservationByPeriod7 } from '../../migrations/7-observation-by-period.js';
import { SchoolsInParts8 } from '../../migrations/8-schools-in-parts.js';
import { PlaceOfLocalAuthority9 } from '../../migrations/9-place-of-local-authority.js';
import { NewestOfSchools10 } from '../../migrations/10-newest-of-schools.js';
import { SchoolObservation11 } from '../../migrations/11-school-observation.js';
import { Finding12 } from '../../migrations/12-finding.js';
import { ApiKeys13 } from '../../migrations/13-api-keys.js';
import { SavedQuery14 } from '../../migrations/14-saved-query.js';
import { TotalsOfAreas15 } from '../../migrations/15-totals-of-areas.js';
import { AsOf16 } from '../../migrations/16-as-of.js';
import { WordsAtOnce17 } from '../../migrations/17-words-at-once.js';
import { ENTITIES } from '../../schema/entities.js';

export interface DataSourceOptions {
  url: string;
  connections: number;
  /** Postgres start-up options, such as "-c statement_timeout=10000". */
  options?: string;
}

export function createDataSource({ url, connections, options }: DataSourceOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    schema: 'schoolgraph',
    entities: ENTITIES,
    migrations: [
      Foundation1,
      Neighbours2,
      Lait3,
      GroupLinks4,
      ObservationOfDataSet5,
      NameSearch6,
      ObservationByPeriod7,
      SchoolsInParts8,
      PlaceOfLocalAuthority9,
      NewestOfSchools10,
      SchoolObservation11,
      Finding12,
      ApiKeys13,
      SavedQuery14,
      TotalsOfAreas15,
      AsOf16,
      WordsAtOnce17,
    ],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    poolSize: connections,
    extra: {
      options: `-c search_path=schoolgraph ${options ?? ''}`.trim(),
      // A connection that stays keeps its plans.
      idleTimeoutMillis: 0,
    },
  });
}
