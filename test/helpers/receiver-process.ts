import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./receiver-child.mjs', import.meta.url));

/** A receiver in a process of its own. */
export interface ReceiverProcess {
  readonly child: ChildProcess;
  readonly port: number;
  /** Ends it by `signal` and waits until it is gone. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** How a start went: a receiver that listens, or the exit code and what it said. */
export type StartOutcome =
  | { readonly state: 'listening'; readonly receiver: ReceiverProcess }
  | { readonly state: 'ended'; readonly code: number | null; readonly stderr: string };

/**
 * Starts `receiver-child.mjs` on `folder`.
 * @param before a command to run it under, `['strace', '-f', …]`.
 * @param more variables of its environment.
 */
export async function startReceiverProcess(
  folder: string,
  before: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<StartOutcome> {
  const [command, ...rest] = [...before, process.execPath, CHILD, folder];
  // One thread for the file system makes the count of its calls exact.
  const env = { ...process.env, UV_THREADPOOL_SIZE: before.length > 0 ? '1' : '4', ...more };
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const first = await Promise.race([ended.then(([code]) => ({ code })), line.then(([text]) => ({ text }))]);
  if ('code' in first) return { state: 'ended', code: first.code, stderr };
  const { port } = JSON.parse(first.text) as { port: number };
  const kill = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return (await ended)[0];
  };
  return { state: 'listening', receiver: { child, port, kill } };
}

/** Starts it where it must come up. */
export async function startListening(
  folder: string,
  before: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<ReceiverProcess> {
  const outcome = await startReceiverProcess(folder, before, more);
  if (outcome.state === 'ended') throw new Error(`the receiver ended with ${String(outcome.code)}: ${outcome.stderr}`);
  return outcome.receiver;
}

/** Sends one request; `undefined` when no answer came. */
export function post(
  port: number,
  body: string,
  options: { agent?: Agent; method?: string; path?: string } = {},
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const { agent = new Agent(), method = 'POST', path = '/fee' } = options;
    const outgoing = request({ host: '127.0.0.1', port, method, path, agent }, (response) => {
      response.on('error', () => {
        resolve(undefined);
      });
      response.on('end', () => {
        resolve(response.statusCode);
      });
      response.resume();
    });
    outgoing.on('error', () => {
      resolve(undefined);
    });
    outgoing.end(body);
  });
}

/** Numbers from 0 to 1, the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
