/** The end, as it is asked for: at once nothing new is begun, and what is under way is finished while there is patience. */

export interface Ending {
  /** Resolves when the process is asked to end (Ctrl-C, a service manager, a closed terminal, a parent that is gone). */
  asked: Promise<void>;
  /** Aborted when nothing is waited for any longer: so long after being asked, or asked a second time. */
  patience: AbortSignal;
}

/** One key press can come as two signals: from the terminal, and from whoever started us. */
const SAME_REQUEST_MS = 1_000;

export function askedToEnd(milliseconds: number): Ending {
  const impatience = new AbortController();
  const asked = new Promise<void>((resolve) => {
    let first: number | null = null;
    const ask = () => {
      if (first !== null) {
        if (performance.now() - first > SAME_REQUEST_MS) impatience.abort();
        return;
      }
      first = performance.now();
      setTimeout(() => impatience.abort(), milliseconds).unref();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
    // A child of start: its parent died without a word.
    process.on('disconnect', ask);
  });
  return { asked, patience: impatience.signal };
}

/** Resolves when nothing is waited for any longer. */
export const impatient = (patience: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (patience.aborted) resolve();
    else patience.addEventListener('abort', () => resolve(), { once: true });
  });
