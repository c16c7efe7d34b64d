import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signatureHeaders } from '../../../src/platform/signing.js';
import type { Mode } from '../../../src/domain/mode.js';
import { buildSandboxControl, type SandboxControl } from '../../../src/sandbox/control-client.js';
import type { Deliver, Delivery } from '../../../src/sandbox/deliver.js';
import { IN_PROCESS, type SandboxRequest, type SandboxResponse } from '../../../src/sandbox/exchange.js';
import { initialState, sandboxCredentials } from '../../../src/sandbox/initial-state.js';
import { buildSandbox, type SandboxCore } from '../../../src/sandbox/sandbox.js';

export const START = new Date('2026-11-22T08:00:00Z');

export const PATHS = {
  ax: '/rest/provision/caas/privatenumber/v1.0',
  callee: '/rest/caas/privatenumber/calleenumber/v1.0',
  axb: '/rest/caas/relationnumber/partners/v1.0',
  axe: '/rest/caas/extendnumber/v1.0',
  axeAll: '/rest/caas/extendnumber/v2.0',
  axyb: '/rest/omp/xyrelationnumber/v1.0',
  recording: '/rest/provision/voice/record/v1.0',
  callStop: '/rest/httpsessions/callStop/v2.0',
} as const;

/** Parsed JSON whose shape the test knows. */
export type Json = ReturnType<typeof JSON.parse>;

/** An answer with its body read. */
export interface Read {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly json: Json;
  readonly response: SandboxResponse;
}

export async function read(response: SandboxResponse): Promise<Read> {
  const pieces: Uint8Array[] = [];
  if (response.body instanceof Uint8Array) pieces.push(response.body);
  else for await (const piece of response.body) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const isJson = (response.headers['content-type'] ?? '').startsWith('application/json') || bytes[0] === 0x7b;
  const json: unknown = isJson ? JSON.parse(bytes.toString()) : undefined;
  return { status: response.status, headers: response.headers, bytes, json, response };
}

export function signed(mode: Mode, now: Date, signing: 'aksk' | 'wsse' = 'aksk'): Record<string, string> {
  const created = now.toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    'content-type': 'application/json;charset=UTF-8',
    ...signatureHeaders({ ...sandboxCredentials(mode), signing, nonce: 'ac1c911c4792492687f8f6b2264a491e', created }),
  };
}

/** A request signed at {@link START}. */
export function request(mode: Mode, method: string, target: string, body?: unknown): SandboxRequest {
  return {
    method,
    target,
    headers: signed(mode, START),
    body: body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body)),
    remote: IN_PROCESS,
  };
}

/** A sandbox in memory with a clock that stands still. */
export class Bench {
  readonly core: SandboxCore;
  readonly control: SandboxControl;
  readonly sent: Delivery[] = [];
  now = START;
  /** What the customer's server answers. */
  answer: { status: number; body: string } | Error = { status: 200, body: '' };

  constructor(seed = 7) {
    const deliver: Deliver = (delivery) => {
      this.sent.push(delivery);
      return this.answer instanceof Error ? Promise.reject(this.answer) : Promise.resolve(this.answer);
    };
    this.core = buildSandbox({ state: initialState(seed), now: () => this.now, deliver });
    this.control = buildSandboxControl((incoming) => this.core.handle(incoming));
  }

  async send(mode: Mode, method: string, target: string, body?: unknown): Promise<Read> {
    const outgoing = { ...request(mode, method, target, body), headers: signed(mode, this.now) };
    return read(await this.core.handle(outgoing));
  }

  /** `[HTTP status, resultcode]`. */
  async code(mode: Mode, method: string, target: string, body?: unknown): Promise<[number, string]> {
    const { status, json } = await this.send(mode, method, target, body);
    return [status, json.resultcode];
  }

  pass(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
  }
}

/** A real HTTP server that keeps what it gets. */
export async function startReceiver(
  answer: (body: Json) => { status: number; body?: string } = () => ({ status: 200 }),
): Promise<{
  url: string;
  received: { headers: Record<string, string | string[] | undefined>; body: Json; path: string }[];
  close: () => Promise<void>;
}> {
  const received: { headers: Record<string, string | string[] | undefined>; body: Json; path: string }[] = [];
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(pieces).toString());
      received.push({ headers: incoming.headers, body, path: incoming.url ?? '' });
      const { status, body: text } = answer(body);
      outgoing.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
