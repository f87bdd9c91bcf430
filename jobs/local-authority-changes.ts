/**
 * Reorganisations of local authorities in which the 3-digit code changed: which codes follow which, from when.
 * Establishment numbers were carried over, so a school's old LAESTAB is found under the new code.
 * Source: the Department's LA code changes, as listed in its reference data (date_of_operation / date_of_termination).
 */
export interface LocalAuthorityChange {
  from: string;
  to: string[];
  on: string;
}

export const LOCAL_AUTHORITY_CHANGES: readonly LocalAuthorityChange[] = [
  // 2009: Bedfordshire and Cheshire were divided.
  { from: '820', to: ['822', '823'], on: '2009-04-01' },
  { from: '875', to: ['895', '896'], on: '2009-04-01' },
  // 2019: Dorset, Poole and Bournemouth became Dorset, and Bournemouth, Christchurch and Poole.
  { from: '835', to: ['838', '839'], on: '2019-04-01' },
  { from: '836', to: ['839'], on: '2019-04-01' },
  { from: '837', to: ['839'], on: '2019-04-01' },
  // 2021: Northamptonshire was divided.
  { from: '928', to: ['940', '941'], on: '2021-04-01' },
  // 2023: Cumbria was divided.
  { from: '909', to: ['942', '943'], on: '2023-04-01' },
];
