/** What may be known of a published value. Every observation carries one of these beside its value. */
export const OBSERVATION_STATUSES = {
  ACTUAL: 'A number was published.',
  SUPPRESSED: 'Withheld by the publisher, usually to protect a few children from being recognised.',
  NOT_APPLICABLE: 'The figure has no meaning here, such as a rate over no pupils.',
  NOT_AVAILABLE: 'The publisher says that it has no figure.',
  LOW: 'Not zero, but rounds to zero.',
  UNRELIABLE: 'The publisher judges the figure too unreliable to print.',
  NOT_COLLECTED: 'Nobody collected it for this period.',
} as const;

export type ObservationStatus = keyof typeof OBSERVATION_STATUSES;
