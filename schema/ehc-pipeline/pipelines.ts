/** The questions that lead to an EHC pipeline: of England, of a region, of a local authority. */
import { Arg, FieldResolver, Resolver } from 'type-graphql';
import { England } from '../england/england.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { Region } from '../region/region.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import { sql } from '../select/sql.js';
import { EhcPipeline } from './pipeline.js';
import { meantYear, type PipelineRow } from './stages.js';

const FIELD = {
  nullable: true,
  description:
    'Requests, assessments, plans issued, ceased and in place in one calendar year, with the rates between them (docs/methods/ehc-pipeline.md). Null before any of the files is loaded.',
};
const Period = () =>
  Arg('period', () => String, {
    nullable: true,
    description: 'A calendar year: 2024. Left out: the newest that all files of a year’s work have.',
  });

const Pipeline = (level: PipelineRow['level']) =>
  SqlField((place: TableRow, { period }: { period?: string | null }, select) => {
    const year = meantYear(period, level, select);
    if (year === null) return sql`NULL::json`;
    return select.object({ place, type: select.parent, level, year } satisfies PipelineRow);
  });

@Resolver(() => England)
export class EnglandEhcPipelines {
  @WorkOf(50)
  @FieldResolver(() => EhcPipeline, FIELD)
  @Pipeline('NATIONAL')
  ehcPipeline(@Period() _period?: string): EhcPipeline | null {
    return answeredBySql();
  }
}

@Resolver(() => Region)
export class RegionEhcPipelines {
  @WorkOf(50)
  @FieldResolver(() => EhcPipeline, FIELD)
  @Pipeline('REGIONAL')
  ehcPipeline(@Period() _period?: string): EhcPipeline | null {
    return answeredBySql();
  }
}

@Resolver(() => LocalAuthority)
export class LocalAuthorityEhcPipelines {
  @WorkOf(50)
  @FieldResolver(() => EhcPipeline, FIELD)
  @Pipeline('LOCAL_AUTHORITY')
  ehcPipeline(@Period() _period?: string): EhcPipeline | null {
    return answeredBySql();
  }
}
