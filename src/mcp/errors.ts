/**
 * What the protocol's own library says of a message that it cannot take, in our words: its own may repeat what was sent. What a tool
 * is told stands as it is.
 */

/** By the codes of JSON-RPC, and those of HTTP that the library gives as one code. */
const MEANINGS: Record<number, string> = {
  [-32700]: 'The body is no JSON.',
  [-32600]: 'The body is no message of JSON-RPC 2.0.',
  [-32601]: 'There is no such method. There are initialize, ping, tools/list and tools/call.',
  [-32602]:
    'The parameters are not what the method takes, or there is no such tool: tools/list has them all.',
  [-32603]: 'The parameters are not what the method takes.',
};
const OF_STATUS: Record<number, string> = {
  405: 'Messages are sent with POST.',
  406: 'The answer is application/json or text/event-stream: accept both.',
  415: 'Messages are sent as Content-Type: application/json.',
};
const OTHERWISE = 'This is no message that can be taken here.';

/** Lists of ours that an error brings: a client may look for a revision that both know. */
const KEPT = ['supported'];

interface Message {
  error?: { code: number; message: string; data?: Record<string, unknown> };
}

function inOurs(json: string, status: number): string {
  let message: Message;
  try {
    message = JSON.parse(json) as Message;
  } catch {
    return json;
  }
  const { error } = message;
  if (!error) return json;
  const data = Object.entries(error.data ?? {}).filter(([name]) => KEPT.includes(name));
  return JSON.stringify({
    ...message,
    error: {
      code: error.code,
      message: OF_STATUS[status] ?? MEANINGS[error.code] ?? OTHERWISE,
      ...(data.length > 0 ? { data: Object.fromEntries(data) } : {}),
    },
  });
}

/** An answer, one message or a stream of them, with its errors in our words. */
export const errorsInOurs = (text: string, status: number): string =>
  text.startsWith('{')
    ? inOurs(text, status)
    : text.replace(/^(data: ?)(.*)$/gm, (_line, name: string, json: string) => name + inOurs(json, status));
