/**
 * Boundaries of upper-tier authorities, for who borders whom. The live source is the ONS Open Geography portal
 * (https://geoportal.statistics.gov.uk, "Counties and Unitary Authorities … Boundaries", as GeoJSON), which gives every
 * year's layer an address that nobody can foresee. THE ADDRESSES BELOW ARE MADE UP: they stand for two files
 * that a mirror answers (SOURCE_MIRROR), and are not to be had from GitHub. Without them no local authority has
 * geographic neighbours, and the graph says so.
 * What each file draws, and which of them answers for whom: docs/decisions/0010-who-borders-whom.md.
 */
import { type AreaProperties, readBoundariesFile } from '../boundaries-file.js';
import type { RegisterDataSet } from '../declaration.js';
import { list, text } from '../register-field.js';

const FOLDER = 'https://raw.githubusercontent.com/boundaries';

const EDITIONS: readonly { edition: string; url: string; properties: AreaProperties }[] = [
  // The 152 local authorities of 2016.
  {
    edition: '2016',
    url: `${FOLDER}/local_authorities_2016.geojson`,
    properties: { code: 'LA15CD', name: 'LA15NM' },
  },
  // 2022, the whole United Kingdom: metropolitan counties instead of their 36 districts, Cumbria undivided.
  {
    edition: '2022',
    url: `${FOLDER}/Upper_Tier_Local_Authorities_Simplified.geojson`,
    properties: { code: 'UTLA22CD', name: 'UTLA22NM' },
  },
];

const localAuthorityBoundaries: RegisterDataSet = {
  kind: 'register',
  id: 'local-authority-boundaries',
  title: 'Boundaries of counties and unitary authorities: which areas border which',
  description:
    'The areas that each edition of the boundaries draws, and for each the areas that share a border with it on land.',
  publisher: {
    name: 'Office for National Statistics',
    licence: 'Open Government Licence v3.0; contains OS data © Crown copyright and database right',
    licenceUrl: 'https://www.ons.gov.uk/methodology/geography/licences',
  },
  pageUrl: 'https://geoportal.statistics.gov.uk',
  traps: [
    'The file of 2022 draws metropolitan counties instead of their 36 districts, and cuts tidal water out: who borders whom is completed from that of 2016 (decision 10).',
    'Wide water is no border, bridge or not.',
    'Cumbria’s successors of 2023 are drawn by neither file: `neighboursNote` says what is not known.',
    'The addresses stand for files that only a mirror has: the publisher gives each year’s layer a new one.',
  ],
  schedule: 'WEEKLY',
  source: { kind: 'editions', urls: EDITIONS.map(({ url }) => url) },
  encoding: 'utf-8',
  reading: {
    form: 'GeoJSON of areas',
    read: (file) => {
      const { edition, properties } = EDITIONS.find(({ url }) => url === file.url)!;
      return readBoundariesFile(file, edition, properties);
    },
  },
  maximumRejectedShare: 0,
  table: 'boundary_area',
  key: ['edition', 'area_code'],
  edition: 'edition',
  fields: {
    edition: text('edition', { required: true }),
    area_code: text('area_code', { required: true }),
    area_name: text('area_name', { required: true }),
    neighbour_codes: list('neighbour_codes', /^[ENSW]\d{8}$/, { required: true }),
  },
};

export default localAuthorityBoundaries;
