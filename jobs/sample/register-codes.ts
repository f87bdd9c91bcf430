// The register's code lists for type, type group, phase, status and reasons, as far as the sample uses them.
// Rule: codes and names are spelt as in the register.

/** Type of establishment: code → name and type group. */
export const TYPES = {
  '01': ['Community school', '4'],
  '02': ['Voluntary aided school', '4'],
  '03': ['Voluntary controlled school', '4'],
  '05': ['Foundation school', '4'],
  '07': ['Community special school', '5'],
  '08': ['Non-maintained special school', '5'],
  '10': ['Other independent special school', '5'],
  '11': ['Other independent school', '3'],
  '12': ['Foundation special school', '5'],
  '14': ['Pupil referral unit', '4'],
  '15': ['Local authority nursery school', '4'],
  '18': ['Further education', '1'],
  '26': ["Service children's education", '9'],
  '28': ['Academy sponsor led', '10'],
  '31': ['Sixth form centres', '1'],
  '33': ['Academy special sponsor led', '10'],
  '34': ['Academy converter', '10'],
  '35': ['Free schools', '11'],
  '36': ['Free schools special', '11'],
  '38': ['Free schools alternative provision', '11'],
  '39': ['Free schools 16 to 19', '11'],
  '40': ['University technical college', '11'],
  '41': ['Studio schools', '11'],
  '42': ['Academy alternative provision converter', '10'],
  '43': ['Academy alternative provision sponsor led', '10'],
  '44': ['Academy special converter', '10'],
  '45': ['Academy 16-19 converter', '10'],
  '46': ['Academy 16 to 19 sponsor led', '10'],
} as const satisfies Record<string, readonly [name: string, group: string]>;
export type TypeCode = keyof typeof TYPES;

export const TYPE_GROUPS: Readonly<Record<string, string>> = {
  '1': 'Colleges',
  '3': 'Independent schools',
  '4': 'Local authority maintained schools',
  '5': 'Special schools',
  '9': 'Other types',
  '10': 'Academies',
  '11': 'Free Schools',
};

export const PHASES: Readonly<Record<string, string>> = {
  '0': 'Not applicable',
  '1': 'Nursery',
  '2': 'Primary',
  '3': 'Middle deemed primary',
  '4': 'Secondary',
  '5': 'Middle deemed secondary',
  '6': '16 plus',
  '7': 'All-through',
};

export const STATUSES: Readonly<Record<string, string>> = {
  '1': 'Open',
  '2': 'Closed',
  '3': 'Open, but proposed to close',
  '4': 'Proposed to open',
};

export const OPEN_REASONS: Readonly<Record<string, string>> = {
  '00': 'Not applicable',
  '01': 'Result of Amalgamation',
  '04': 'Fresh Start',
  '06': 'New Provision',
  '10': 'Academy Converter',
};

export const CLOSE_REASONS: Readonly<Record<string, string>> = {
  '00': 'Not applicable',
  '01': 'Result of Amalgamation/Merger',
  '02': 'Closure',
  '04': 'Fresh Start',
  '06': 'For Academy',
  '10': 'Academy Converter',
};
