// The local authorities of England with responsibility for education: the one table of facts the sample is built over.
// Rule: these are facts (code, GSS code, name, region, days); nothing else of the sample is real.

export interface LocalAuthority {
  /** Three digits; x where an old area never had a code of its own in the published list. */
  code: string;
  gss: string;
  name: string;
  /** GSS code of the region. */
  region: string;
  from: string;
  to: string | null;
}

type Row = readonly [code: string, gss: string, name: string, region: string, from?: string, to?: string];

/** The published list begins here; an earlier beginning is not known. */
const FIRST_DAY = '2009-01-01';

const ROWS: readonly Row[] = [
  ['805', 'E06000001', 'Hartlepool', 'E12000001'],
  ['806', 'E06000002', 'Middlesbrough', 'E12000001'],
  ['807', 'E06000003', 'Redcar and Cleveland', 'E12000001'],
  ['808', 'E06000004', 'Stockton-on-Tees', 'E12000001'],
  ['841', 'E06000005', 'Darlington', 'E12000001'],
  ['876', 'E06000006', 'Halton', 'E12000002'],
  ['877', 'E06000007', 'Warrington', 'E12000002'],
  ['889', 'E06000008', 'Blackburn with Darwen', 'E12000002'],
  ['890', 'E06000009', 'Blackpool', 'E12000002'],
  ['810', 'E06000010', 'Kingston upon Hull, City of', 'E12000003'],
  ['811', 'E06000011', 'East Riding of Yorkshire', 'E12000003'],
  ['812', 'E06000012', 'North East Lincolnshire', 'E12000003'],
  ['813', 'E06000013', 'North Lincolnshire', 'E12000003'],
  ['816', 'E06000014', 'York', 'E12000003'],
  ['831', 'E06000015', 'Derby', 'E12000004'],
  ['856', 'E06000016', 'Leicester', 'E12000004'],
  ['857', 'E06000017', 'Rutland', 'E12000004'],
  ['892', 'E06000018', 'Nottingham', 'E12000004'],
  ['884', 'E06000019', 'Herefordshire, County of', 'E12000005'],
  ['894', 'E06000020', 'Telford and Wrekin', 'E12000005'],
  ['861', 'E06000021', 'Stoke-on-Trent', 'E12000005'],
  ['800', 'E06000022', 'Bath and North East Somerset', 'E12000009'],
  ['801', 'E06000023', 'Bristol, City of', 'E12000009'],
  ['802', 'E06000024', 'North Somerset', 'E12000009'],
  ['803', 'E06000025', 'South Gloucestershire', 'E12000009'],
  ['879', 'E06000026', 'Plymouth', 'E12000009'],
  ['880', 'E06000027', 'Torbay', 'E12000009'],
  ['837', 'E06000028', 'Bournemouth', 'E12000009', '2009-01-01', '2019-03-31'],
  ['836', 'E06000029', 'Poole', 'E12000009', '2009-01-01', '2019-03-31'],
  ['866', 'E06000030', 'Swindon', 'E12000009'],
  ['874', 'E06000031', 'Peterborough', 'E12000006'],
  ['821', 'E06000032', 'Luton', 'E12000006'],
  ['882', 'E06000033', 'Southend-on-Sea', 'E12000006'],
  ['883', 'E06000034', 'Thurrock', 'E12000006'],
  ['887', 'E06000035', 'Medway', 'E12000008'],
  ['867', 'E06000036', 'Bracknell Forest', 'E12000008'],
  ['869', 'E06000037', 'West Berkshire', 'E12000008'],
  ['870', 'E06000038', 'Reading', 'E12000008'],
  ['871', 'E06000039', 'Slough', 'E12000008'],
  ['868', 'E06000040', 'Windsor and Maidenhead', 'E12000008'],
  ['872', 'E06000041', 'Wokingham', 'E12000008'],
  ['826', 'E06000042', 'Milton Keynes', 'E12000008'],
  ['846', 'E06000043', 'Brighton and Hove', 'E12000008'],
  ['851', 'E06000044', 'Portsmouth', 'E12000008'],
  ['852', 'E06000045', 'Southampton', 'E12000008'],
  ['921', 'E06000046', 'Isle of Wight', 'E12000008'],
  ['840', 'E06000047', 'County Durham', 'E12000001', '2009-04-01'],
  ['929', 'E06000048', 'Northumberland', 'E12000001', '2009-04-01', '2013-03-31'],
  ['895', 'E06000049', 'Cheshire East', 'E12000002', '2009-04-01'],
  ['896', 'E06000050', 'Cheshire West and Chester', 'E12000002', '2009-04-01'],
  ['893', 'E06000051', 'Shropshire', 'E12000005', '2009-04-01'],
  ['908', 'E06000052', 'Cornwall', 'E12000009', '2009-04-01'],
  ['420', 'E06000053', 'Isles of Scilly', 'E12000009', '2009-04-01'],
  ['865', 'E06000054', 'Wiltshire', 'E12000009', '2009-04-01'],
  ['822', 'E06000055', 'Bedford', 'E12000006', '2009-04-01'],
  ['823', 'E06000056', 'Central Bedfordshire', 'E12000006', '2009-04-01'],
  ['929', 'E06000057', 'Northumberland', 'E12000001', '2013-04-01'],
  ['839', 'E06000058', 'Bournemouth, Christchurch and Poole', 'E12000009', '2019-04-01'],
  ['838', 'E06000059', 'Dorset', 'E12000009', '2019-04-01'],
  ['825', 'E06000060', 'Buckinghamshire', 'E12000008', '2020-04-01'],
  ['940', 'E06000061', 'North Northamptonshire', 'E12000004', '2021-04-01'],
  ['941', 'E06000062', 'West Northamptonshire', 'E12000004', '2021-04-01'],
  ['942', 'E06000063', 'Cumberland', 'E12000002', '2023-04-01'],
  ['943', 'E06000064', 'Westmorland and Furness', 'E12000002', '2023-04-01'],
  ['815', 'E06000065', 'North Yorkshire', 'E12000003', '2023-04-01'],
  ['933', 'E06000066', 'Somerset', 'E12000009', '2023-04-01'],
  ['350', 'E08000001', 'Bolton', 'E12000002'],
  ['351', 'E08000002', 'Bury', 'E12000002'],
  ['352', 'E08000003', 'Manchester', 'E12000002'],
  ['353', 'E08000004', 'Oldham', 'E12000002'],
  ['354', 'E08000005', 'Rochdale', 'E12000002'],
  ['355', 'E08000006', 'Salford', 'E12000002'],
  ['356', 'E08000007', 'Stockport', 'E12000002'],
  ['357', 'E08000008', 'Tameside', 'E12000002'],
  ['358', 'E08000009', 'Trafford', 'E12000002'],
  ['359', 'E08000010', 'Wigan', 'E12000002'],
  ['340', 'E08000011', 'Knowsley', 'E12000002'],
  ['341', 'E08000012', 'Liverpool', 'E12000002'],
  ['342', 'E08000013', 'St. Helens', 'E12000002'],
  ['343', 'E08000014', 'Sefton', 'E12000002'],
  ['344', 'E08000015', 'Wirral', 'E12000002'],
  ['370', 'E08000016', 'Barnsley', 'E12000003', '2009-01-01', '2025-04-30'],
  ['371', 'E08000017', 'Doncaster', 'E12000003'],
  ['372', 'E08000018', 'Rotherham', 'E12000003'],
  ['373', 'E08000019', 'Sheffield', 'E12000003', '2009-01-01', '2025-04-30'],
  ['390', 'E08000020', 'Gateshead', 'E12000001', '2009-01-01', '2013-03-31'],
  ['391', 'E08000021', 'Newcastle upon Tyne', 'E12000001'],
  ['392', 'E08000022', 'North Tyneside', 'E12000001'],
  ['393', 'E08000023', 'South Tyneside', 'E12000001'],
  ['394', 'E08000024', 'Sunderland', 'E12000001'],
  ['330', 'E08000025', 'Birmingham', 'E12000005'],
  ['331', 'E08000026', 'Coventry', 'E12000005'],
  ['332', 'E08000027', 'Dudley', 'E12000005'],
  ['333', 'E08000028', 'Sandwell', 'E12000005'],
  ['334', 'E08000029', 'Solihull', 'E12000005'],
  ['335', 'E08000030', 'Walsall', 'E12000005'],
  ['336', 'E08000031', 'Wolverhampton', 'E12000005'],
  ['380', 'E08000032', 'Bradford', 'E12000003'],
  ['381', 'E08000033', 'Calderdale', 'E12000003'],
  ['382', 'E08000034', 'Kirklees', 'E12000003'],
  ['383', 'E08000035', 'Leeds', 'E12000003'],
  ['384', 'E08000036', 'Wakefield', 'E12000003'],
  ['390', 'E08000037', 'Gateshead', 'E12000001', '2013-04-01'],
  ['370', 'E08000038', 'Barnsley', 'E12000003', '2025-05-01'],
  ['373', 'E08000039', 'Sheffield', 'E12000003', '2025-05-01'],
  ['201', 'E09000001', 'City of London', 'E12000007'],
  ['301', 'E09000002', 'Barking and Dagenham', 'E12000007'],
  ['302', 'E09000003', 'Barnet', 'E12000007'],
  ['303', 'E09000004', 'Bexley', 'E12000007'],
  ['304', 'E09000005', 'Brent', 'E12000007'],
  ['305', 'E09000006', 'Bromley', 'E12000007'],
  ['202', 'E09000007', 'Camden', 'E12000007'],
  ['306', 'E09000008', 'Croydon', 'E12000007'],
  ['307', 'E09000009', 'Ealing', 'E12000007'],
  ['308', 'E09000010', 'Enfield', 'E12000007'],
  ['203', 'E09000011', 'Greenwich', 'E12000007'],
  ['204', 'E09000012', 'Hackney', 'E12000007'],
  ['205', 'E09000013', 'Hammersmith and Fulham', 'E12000007'],
  ['309', 'E09000014', 'Haringey', 'E12000007'],
  ['310', 'E09000015', 'Harrow', 'E12000007'],
  ['311', 'E09000016', 'Havering', 'E12000007'],
  ['312', 'E09000017', 'Hillingdon', 'E12000007'],
  ['313', 'E09000018', 'Hounslow', 'E12000007'],
  ['206', 'E09000019', 'Islington', 'E12000007'],
  ['207', 'E09000020', 'Kensington and Chelsea', 'E12000007'],
  ['314', 'E09000021', 'Kingston upon Thames', 'E12000007'],
  ['208', 'E09000022', 'Lambeth', 'E12000007'],
  ['209', 'E09000023', 'Lewisham', 'E12000007'],
  ['315', 'E09000024', 'Merton', 'E12000007'],
  ['316', 'E09000025', 'Newham', 'E12000007'],
  ['317', 'E09000026', 'Redbridge', 'E12000007'],
  ['318', 'E09000027', 'Richmond upon Thames', 'E12000007'],
  ['210', 'E09000028', 'Southwark', 'E12000007'],
  ['319', 'E09000029', 'Sutton', 'E12000007'],
  ['211', 'E09000030', 'Tower Hamlets', 'E12000007'],
  ['320', 'E09000031', 'Waltham Forest', 'E12000007'],
  ['212', 'E09000032', 'Wandsworth', 'E12000007'],
  ['213', 'E09000033', 'Westminster', 'E12000007'],
  ['820', 'E10000001', 'Bedfordshire', 'E12000006', '2009-01-01', '2009-03-31'],
  ['825', 'E10000002', 'Buckinghamshire', 'E12000008', '2009-01-01', '2020-03-31'],
  ['873', 'E10000003', 'Cambridgeshire', 'E12000006'],
  ['875', 'E10000004', 'Cheshire', 'E12000002', '2009-01-01', '2009-03-31'],
  ['x', 'E10000005', 'Cornwall and Isles of Scilly', 'E12000009', '2009-01-01', '2009-03-31'],
  ['909', 'E10000006', 'Cumbria', 'E12000002', '2009-01-01', '2023-03-31'],
  ['830', 'E10000007', 'Derbyshire', 'E12000004'],
  ['878', 'E10000008', 'Devon', 'E12000009'],
  ['835', 'E10000009', 'Dorset', 'E12000009', '2009-01-01', '2019-03-31'],
  ['x', 'E10000010', 'Durham', 'E12000001', '2009-01-01', '2009-03-31'],
  ['845', 'E10000011', 'East Sussex', 'E12000008'],
  ['881', 'E10000012', 'Essex', 'E12000006'],
  ['916', 'E10000013', 'Gloucestershire', 'E12000009'],
  ['850', 'E10000014', 'Hampshire', 'E12000008'],
  ['919', 'E10000015', 'Hertfordshire', 'E12000006'],
  ['886', 'E10000016', 'Kent', 'E12000008'],
  ['888', 'E10000017', 'Lancashire', 'E12000002'],
  ['855', 'E10000018', 'Leicestershire', 'E12000004'],
  ['925', 'E10000019', 'Lincolnshire', 'E12000004'],
  ['926', 'E10000020', 'Norfolk', 'E12000006'],
  ['928', 'E10000021', 'Northamptonshire', 'E12000004', '2009-01-01', '2021-03-31'],
  ['x', 'E10000022', 'Northumberland', 'E12000001', '2009-01-01', '2009-03-31'],
  ['815', 'E10000023', 'North Yorkshire', 'E12000003', '2009-01-01', '2023-03-31'],
  ['891', 'E10000024', 'Nottinghamshire', 'E12000004'],
  ['931', 'E10000025', 'Oxfordshire', 'E12000008'],
  ['x', 'E10000026', 'Shropshire', 'E12000005', '2009-01-01', '2009-03-31'],
  ['933', 'E10000027', 'Somerset', 'E12000009', '2009-01-01', '2023-03-31'],
  ['860', 'E10000028', 'Staffordshire', 'E12000005'],
  ['935', 'E10000029', 'Suffolk', 'E12000006'],
  ['936', 'E10000030', 'Surrey', 'E12000008'],
  ['937', 'E10000031', 'Warwickshire', 'E12000005'],
  ['938', 'E10000032', 'West Sussex', 'E12000008'],
  ['x', 'E10000033', 'Wiltshire', 'E12000009', '2009-01-01', '2009-03-31'],
  ['885', 'E10000034', 'Worcestershire', 'E12000005'],
];

export const LOCAL_AUTHORITIES: readonly LocalAuthority[] = ROWS.map(
  ([code, gss, name, region, from, to]) => ({
    code,
    gss,
    name,
    region,
    from: from ?? FIRST_DAY,
    to: to ?? null,
  }),
);

/** The code for schools of the armed forces abroad: in the register, in no region and in no statistics. */
export const OVERSEAS: LocalAuthority = {
  code: '702',
  gss: 'z',
  name: 'British Forces Post Office overseas establishments',
  region: 'z',
  from: '',
  to: null,
};

/** The areas of today, each known by the code it has now. */
export const AREAS: readonly LocalAuthority[] = LOCAL_AUTHORITIES.filter(({ to }) => to === null);

/** Codes an area's schools stood under before a reorganisation gave the area a new code. */
const FORMER_CODES: Readonly<Record<string, readonly string[]>> = {
  '822': ['820'],
  '823': ['820'],
  '838': ['835'],
  '839': ['836', '837'],
  '895': ['875'],
  '896': ['875'],
  '940': ['928'],
  '941': ['928'],
  '942': ['909'],
  '943': ['909'],
};

/** Abolished codes, each with an area of today that holds (part of) the old one. */
export const ABOLISHED: readonly { la: LocalAuthority; area: string }[] = LOCAL_AUTHORITIES.flatMap((la) => {
  const area = Object.keys(FORMER_CODES).find((code) => FORMER_CODES[code]!.includes(la.code));
  return area === undefined ? [] : [{ la, area }];
});

/** Areas that once were one authority share one run of establishment numbers, so that old LAESTABs never clash. */
export function numberSpace(area: string): string {
  return area === '838' || area === '839' ? '835' : (FORMER_CODES[area]?.[0] ?? area);
}

const BY_CODE = new Map<string, LocalAuthority[]>();
for (const la of LOCAL_AUTHORITIES) BY_CODE.set(la.code, [...(BY_CODE.get(la.code) ?? []), la]);

/** The authority that an area's school `number` stood under on a day; days before the list began count as its first. */
export function authorityOn(area: string, day: string, number = 0): LocalAuthority {
  if (area === OVERSEAS.code) return OVERSEAS;
  const former = FORMER_CODES[area] ?? [];
  const codes = [area, ...(former.length > 0 ? [former[number % former.length]!] : [])];
  const known = day < FIRST_DAY ? FIRST_DAY : day;
  const candidates = codes.flatMap((code) => BY_CODE.get(code) ?? []);
  return (
    candidates.find(({ from, to }) => from <= known && (to === null || known <= to)) ??
    candidates.reduce((a, b) => (a.from <= b.from ? a : b))
  );
}
