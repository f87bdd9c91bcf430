/** A headless Chromium, driven over a pipe with the DevTools protocol; no host but this machine is reachable. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export const findChromium = (): string | undefined =>
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );

export interface Browser {
  /** Every address that the page asked for. */
  requested: string[];
  /** Exceptions, and errors of the console. */
  faults: string[];
  evaluate: <T>(expression: string) => Promise<T>;
  /** Presses a key of the keyboard, by the name that events give it: ArrowDown. */
  press: (key: string) => Promise<void>;
  /** Shows the page as wide as this, in pixels. */
  resize: (width: number) => Promise<void>;
  close: () => Promise<void>;
}

const KEY_CODES: Record<string, number> = { ArrowDown: 40 };

// biome-ignore lint/suspicious/noExplicitAny: the protocol's messages have the shape of their method
type Message = Record<string, any>;

export async function startBrowser(program: string, address: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'schoolgraph-chromium-'));
  const child = spawn(
    program,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--window-size=1400,900',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      `--user-data-dir=${profile}`,
      '--remote-debugging-pipe',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true },
  );
  const protocol = speak(child);
  const requested: string[] = [];
  const faults: string[] = [];
  protocol.onEvent = ({ method, params }) => {
    if (method === 'Network.requestWillBeSent') requested.push(params['request'].url);
    if (method === 'Runtime.exceptionThrown') faults.push(JSON.stringify(params['exceptionDetails']));
    if (method === 'Log.entryAdded' && params['entry'].level === 'error') faults.push(params['entry'].text);
  };
  const { targetId } = await protocol.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await protocol.send('Target.attachToTarget', { targetId, flatten: true });
  const send = (method: string, params: Message = {}) => protocol.send(method, params, sessionId);
  for (const domain of ['Network', 'Runtime', 'Log', 'Page']) await send(`${domain}.enable`);
  await send('Page.navigate', { url: address });
  return {
    requested,
    faults,
    evaluate: async (expression) =>
      (await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true }))['result']
        .value,
    press: async (key) => {
      const windowsVirtualKeyCode = KEY_CODES[key]!;
      for (const type of ['rawKeyDown', 'keyUp'])
        await send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode });
    },
    resize: async (width) => {
      await send('Emulation.setDeviceMetricsOverride', {
        width,
        height: 740,
        deviceScaleFactor: 1,
        mobile: true,
      });
    },
    close: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      // Its own process group: Chromium's children go with it.
      process.kill(-child.pid!, 'SIGKILL');
      await gone;
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Requests and answers of the protocol, each ended by a zero byte: https://chromedevtools.github.io/devtools-protocol/ */
function speak(child: ChildProcess) {
  const [, , , toBrowser, fromBrowser] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, { resolve: (result: Message) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  let received = Buffer.alloc(0);
  const protocol = {
    onEvent: (_event: { method: string; params: Message }): void => {},
    send: (method: string, params: Message = {}, sessionId?: string) =>
      new Promise<Message>((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        toBrowser.write(`${JSON.stringify({ id: lastId, method, params, sessionId })}\0`);
      }),
  };
  const fail = () => {
    for (const { reject } of waiting.values()) reject(new Error('Chromium ended'));
    waiting.clear();
  };
  child.once('error', fail);
  child.once('exit', fail);
  toBrowser.on('error', () => {});
  fromBrowser.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let end = received.indexOf(0); end >= 0; end = received.indexOf(0)) {
      const message = JSON.parse(received.subarray(0, end).toString()) as Message;
      received = received.subarray(end + 1);
      const asked = waiting.get(message['id']);
      if (!asked) protocol.onEvent(message as { method: string; params: Message });
      else if (message['error']) asked.reject(new Error(message['error'].message));
      else asked.resolve(message['result']);
      waiting.delete(message['id']);
    }
  });
  return protocol;
}
