/**
 * Asks one server the same requests over and over for a while, over kept-alive connections, and times every answer. A
 * process of its own, so that neither server nor database shares its event loop. An answer with another status or
 * another length than the one that was checked ends the measurement.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface HttpRequest {
  path: string;
  method: 'POST';
  headers: Record<string, string>;
  body: string;
}

/** With the lengths in bytes that a right answer may have. */
export type CheckedRequest = HttpRequest & { lengths: number[] };

export interface Load {
  port: number;
  requests: CheckedRequest[];
  concurrency: number;
  milliseconds: number;
  /** Stops after so many answers instead of by the clock. */
  answers?: number;
  /** Folder whose node_modules has undici. */
  packages: string;
}

export interface Measured {
  answers: number;
  perSecond: number;
  p50: number;
  p99: number;
}

interface Handler {
  onConnect: () => void;
  onHeaders: (status: number) => boolean;
  onData: (chunk: Buffer) => boolean;
  onComplete: () => void;
  onError: (error: Error) => void;
}
interface Client {
  dispatch: (request: HttpRequest, handler: Handler) => void;
  close: () => Promise<void>;
}

process.on('message', (load: Load) => {
  measure(load).then(
    (measured) => process.send!({ measured }),
    (error: Error) => process.send!({ error: error.message }),
  );
});

async function measure(load: Load): Promise<Measured> {
  const { port, requests, concurrency, milliseconds, answers = Infinity, packages } = load;
  const undici = createRequire(join(packages, 'package.json'))('undici') as {
    Client: new (origin: string) => Client;
  };
  const times: number[] = [];
  let asked = 0;
  const began = performance.now();
  const ends = answers === Infinity ? began + milliseconds : Infinity;
  // Every connection begins elsewhere in the list, so that no two ask the same at once.
  const connection = async (number: number) => {
    const client = new undici.Client(`http://127.0.0.1:${port}`);
    let at = Math.floor((number * requests.length) / concurrency);
    while (performance.now() < ends && asked < answers) {
      asked += 1;
      times.push(await ask(client, requests[at % requests.length]!));
      at += 1;
    }
    await client.close();
  };
  await Promise.all(Array.from({ length: concurrency }, (_, number) => connection(number)));
  const seconds = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  const percentile = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))]!;
  return {
    answers: times.length,
    perSecond: times.length / seconds,
    p50: percentile(0.5),
    p99: percentile(0.99),
  };
}

const ask = (client: Client, request: CheckedRequest): Promise<number> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    let status = 0;
    let bytes = 0;
    client.dispatch(request, {
      onConnect: () => {},
      onHeaders: (code) => {
        status = code;
        return true;
      },
      onData: (chunk) => {
        bytes += chunk.length;
        return true;
      },
      onComplete: () => {
        if (status === 200 && request.lengths.includes(bytes)) resolve(performance.now() - began);
        else
          reject(
            new Error(
              `status ${status} and ${bytes} bytes instead of ${request.lengths[0]}: ${request.body}`,
            ),
          );
      },
      onError: reject,
    });
  });
