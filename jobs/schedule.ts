/**
 * When data sets are looked at, in UTC: one table, of which each names a line. A look at an unchanged source costs one small request.
 * The register is published every night; statistics come on a Thursday at 09:30 London time a few times a
 * year, and nobody should wait a day for them.
 */
import cron from 'node-cron';

export const SCHEDULES = {
  NIGHTLY: { cron: '15 4 * * *', meaning: 'every day at 04:15' },
  RELEASE_MORNINGS: {
    cron: '40 8,9,12,18 * * *',
    meaning: 'every day at 08:40, 09:40, 12:40 and 18:40',
  },
  WEEKLY: { cron: '30 5 * * 1', meaning: 'Mondays at 05:30' },
} as const;

export type Cadence = keyof typeof SCHEDULES;

interface Scheduled {
  id: string;
  schedule: Cadence;
}

/** The next time after now at which a data set is to be looked at. */
export function nextDue({ id, schedule }: Scheduled): Date {
  // Only a started task knows its next run.
  const task = cron.schedule(SCHEDULES[schedule].cron, () => {}, { timezone: 'UTC' });
  const next = task.getNextRun();
  void task.destroy();
  if (!next) throw new Error(`the schedule of ${id} has no next run`);
  return next;
}

/** Calls `onTick` whenever a data set is due; the returned function ends it. */
export function startSchedules<T extends Scheduled>(
  dataSets: readonly T[],
  onTick: (dataSet: T) => void,
): () => void {
  const tasks = dataSets.map((dataSet) =>
    cron.schedule(SCHEDULES[dataSet.schedule].cron, () => onTick(dataSet), {
      timezone: 'UTC',
      name: dataSet.id,
    }),
  );
  return () => {
    for (const task of tasks) void task.destroy();
  };
}
