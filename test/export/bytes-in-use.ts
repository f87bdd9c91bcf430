/**
 * Bytes that are in use: what could be collected is collected first. How much memory the process has beyond that is the
 * collector's matter, which takes more or less in reserve as the machine has time for it.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export function bytesInUse(): number {
  // What the first frees outside the heap is counted off in the background, until the second begins.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
