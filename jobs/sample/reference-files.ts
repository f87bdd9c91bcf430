// Writes the published list of local authorities and the list of regions with their authorities, from the table of facts.
// Rule: same columns and date format as published; rows for two authorities at once are left out.
import { dayMonthYear } from './academic-years.js';
import { type SampleFile, statisticsFile } from './csv.js';
import { LOCAL_AUTHORITIES, OVERSEAS } from './local-authorities.js';
import { REGIONS } from './regions.js';

export const LA_HEADER = [
  'new_la_code',
  'la_name',
  'date_of_operation',
  'date_of_termination',
  'parent_geography_code',
  'entity_code',
  'entity_description',
  'status',
  'old_la_code',
] as const;
export const REGION_LA_HEADER = [
  'region_code',
  'region_name',
  'old_la_code',
  'la_name',
  'new_la_code',
] as const;

const ENTITIES: Readonly<Record<string, string>> = {
  E06: 'Unitary Authorities',
  E08: 'Metropolitan Districts',
  E09: 'London Boroughs',
  E10: 'Counties',
};

export function referenceFiles(folder: string): SampleFile[] {
  const authorities = LOCAL_AUTHORITIES.map(({ code, gss, name, region, from, to }) => {
    const entity = gss.slice(0, 3);
    const status = to === null ? 'live' : 'terminated';
    return [
      gss,
      name,
      dayMonthYear(from, '/'),
      dayMonthYear(to, '/'),
      region,
      entity,
      ENTITIES[entity]!,
      status,
      code,
    ];
  });
  authorities.push([OVERSEAS.gss, OVERSEAS.name, '', '', '', '', '', 'live', OVERSEAS.code]);

  const regions = REGIONS.flatMap((region) =>
    LOCAL_AUTHORITIES.filter((la) => la.region === region.gss)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.from < b.from ? -1 : 1))
      .map((la) => [region.gss, region.name, la.code, la.name, la.gss]),
  );
  regions.push(['z', 'Outside of the United Kingdom', OVERSEAS.code, OVERSEAS.name, OVERSEAS.gss]);

  const plain = { bom: false, end: '\n' } as const;
  return [
    statisticsFile(`${folder}/las.csv`, LA_HEADER, authorities, plain),
    statisticsFile(`${folder}/region_la_hierarchy.csv`, REGION_LA_HEADER, regions, plain),
  ];
}
