/** Resolves when the process is asked to end (Ctrl-C, a service manager, a closed terminal, a parent that is gone). */
export function askedToEnd(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
    // A child of start: its parent died without a word.
    process.on('disconnect', () => resolve('disconnect'));
  });
}
