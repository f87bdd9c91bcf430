/**
 * When each data set is looked at, in UTC: one table. A look at an unchanged source costs one small request.
 * The register is published every night; statistics come on a Thursday at 09:30 London time a few times a
 * year, and nobody should wait a day for them.
 */
import cron from 'node-cron';

const NIGHTLY = { cron: '15 4 * * *', meaning: 'every day at 04:15' };
const RELEASE_MORNINGS = {
  cron: '40 8,9,12,18 * * *',
  meaning: 'every day at 08:40, 09:40, 12:40 and 18:40',
};
const WEEKLY = { cron: '30 5 * * 1', meaning: 'Mondays at 05:30' };

export interface Schedule {
  cron: string;
  meaning: string;
}

const SCHEDULES: Record<string, Schedule> = {
  'local-authority-codes': WEEKLY,
  'region-local-authorities': WEEKLY,
  'gias-establishments': NIGHTLY,
  'gias-establishment-links': NIGHTLY,
  'gias-groups': NIGHTLY,
  'gias-group-links': NIGHTLY,
  'suspensions-and-permanent-exclusions': RELEASE_MORNINGS,
  'ehc-plans-caseload': RELEASE_MORNINGS,
  'ehc-plans-new': RELEASE_MORNINGS,
  'ehc-plans-timeliness': RELEASE_MORNINGS,
  lait: WEEKLY,
  'lait-dictionary': WEEKLY,
};

export function scheduleOf(dataSetId: string): Schedule {
  const schedule = SCHEDULES[dataSetId];
  if (!schedule) throw new Error(`the data set ${dataSetId} has no line in the table of jobs/schedule.ts`);
  return schedule;
}

/** The next time after now at which a data set is to be looked at. */
export function nextDue(dataSetId: string): Date {
  // Only a started task knows its next run.
  const task = cron.schedule(scheduleOf(dataSetId).cron, () => {}, { timezone: 'UTC' });
  const next = task.getNextRun();
  void task.destroy();
  if (!next) throw new Error(`the schedule of ${dataSetId} has no next run`);
  return next;
}

/** Calls `onTick` whenever a data set is due; the returned function ends it. */
export function startSchedules(dataSetIds: string[], onTick: (dataSetId: string) => void): () => void {
  const tasks = dataSetIds.map((id) =>
    cron.schedule(scheduleOf(id).cron, () => onTick(id), { timezone: 'UTC', name: id }),
  );
  return () => {
    for (const task of tasks) void task.destroy();
  };
}
