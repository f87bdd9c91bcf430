/** Processor time of processes, as Linux counts it: unlike the clock's, it does not grow when others use the machine too. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux tells it in hundredths of a second, whatever the kernel counts in. */
const TICKS = 100;

interface Times {
  parent: number;
  own: number;
  /** Of children that have ended. */
  ended: number;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; null for a process that is gone. */
function timesOf(pid: number | string): Times | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program may have spaces and brackets in it: the fields begin behind the last one.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent, user, system, endedUser, endedSystem] = [1, 11, 12, 13, 14].map((at) => fields[at]!) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return { parent, own: (user + system) / TICKS, ended: (endedUser + endedSystem) / TICKS };
  } catch {
    return null;
  }
}

/** Seconds of a process alone. */
export const secondsOf = (pid: number): number => timesOf(pid)?.own ?? 0;

/** Seconds of the Postgres that has this backend: the server, its processes, and those that have ended. */
export function secondsOfPostgres(backend: number): number {
  const server = timesOf(backend)!.parent;
  const { own, ended } = timesOf(server)!;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(timesOf)
    .reduce((sum, times) => sum + (times?.parent === server ? times.own : 0), own + ended);
}
