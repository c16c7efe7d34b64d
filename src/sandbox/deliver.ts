import { randomBytes } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { created, signatureHeaders } from '../platform/signing.js';
import type { SandboxApplication, TakenPush } from './state.js';

/** A push as it leaves. */
export interface Delivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/** What the customer's server said. */
export interface DeliveryAnswer {
  readonly status: number;
  /** At most 64 kB of it. */
  readonly body: string;
}

/** Sends one push; rejects when no answer comes. */
export type Deliver = (delivery: Delivery) => Promise<DeliveryAnswer>;

/** How long the sandbox waits for an answer. The platform's own figure is not published. */
const PUSH_TIMEOUT_MS = 5000;
const ANSWER_LIMIT_BYTES = 65_536;

/**
 * Signs `body` with the application's own key and secret (AKSK).
 * @param hostNow the host's time, which stands in `Created`.
 * Source: privatenumber_02_0006a (2024-12-30, read 2026-07).
 */
export function signDelivery(
  application: Pick<SandboxApplication, 'appKey' | 'appSecret'>,
  push: { readonly url: string; readonly body: string },
  hostNow: Date,
): Delivery {
  const { appKey, appSecret } = application;
  const nonce = randomBytes(16).toString('hex');
  return {
    url: push.url,
    headers: {
      'content-type': 'application/json;charset=UTF-8',
      ...signatureHeaders({ appKey, appSecret, signing: 'aksk', nonce, created: created(hostNow) }),
    },
    body: push.body,
    timeoutMs: PUSH_TIMEOUT_MS,
  };
}

/** Connections for pushes; without them each push has its own. */
interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** {@link Deliver} by real HTTP or HTTPS, one connection a push; the certificate is verified. */
export const deliverByHttp: Deliver = (delivery) => exchange(delivery, undefined);

/**
 * {@link Deliver} over connections that are kept, for many pushes.
 * @param connections kept at most, for each address.
 */
export function openKeptDeliver(connections: number): { readonly deliver: Deliver; close(): void } {
  const settings = { keepAlive: true, maxSockets: connections, scheduling: 'lifo' } as const;
  const agents = { http: new HttpAgent(settings), https: new HttpsAgent(settings) };
  return {
    deliver: (delivery) => exchange(delivery, agents),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function exchange(delivery: Delivery, agents: Agents | undefined): Promise<DeliveryAnswer> {
  return new Promise((resolve, reject) => {
    const url = new URL(delivery.url);
    const bytes = Buffer.from(delivery.body);
    const isSecure = url.protocol === 'https:';
    const send = isSecure ? httpsRequest : httpRequest;
    const agent = isSecure ? agents?.https : agents?.http;
    const signal = AbortSignal.timeout(delivery.timeoutMs);
    const length = { 'content-length': String(bytes.length) };
    const headers = { ...delivery.headers, ...length, ...(agent === undefined ? { connection: 'close' } : {}) };
    const options = { method: 'POST', headers, signal, ...(agent === undefined ? {} : { agent }) };
    const outgoing = send(url, options, (incoming) => {
      const pieces: Buffer[] = [];
      let size = 0;
      incoming.on('data', (piece: Buffer) => {
        if (size < ANSWER_LIMIT_BYTES) pieces.push(piece);
        size += piece.length;
      });
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(pieces).toString('utf8') });
      });
      incoming.on('error', reject);
    });
    outgoing.on('error', (error) => {
      reject(signal.aborted ? new Error(`no answer within ${delivery.timeoutMs / 1000} s`, { cause: error }) : error);
    });
    outgoing.end(bytes);
  });
}

/** What became of one push. */
export interface PushResult {
  readonly id: string;
  readonly delivered: boolean;
  readonly answer: string;
}

/**
 * Sends pushes one after the other, each try signed anew. An address that does not answer is not tried again in the same round: its
 * other pushes count as tried. Nothing rejects. What becomes of a copy is not told.
 */
export async function sendPushes(
  pushes: readonly TakenPush[],
  applications: readonly SandboxApplication[],
  way: { readonly deliver: Deliver; readonly now: () => Date },
): Promise<PushResult[]> {
  const silent = new Map<string, string>();
  const results: PushResult[] = [];
  for (const push of pushes) {
    const application = applications.find(({ appKey }) => appKey === push.appKey);
    const known = application === undefined ? 'the application is gone' : silent.get(push.url);
    if (application === undefined || known !== undefined) {
      if (push.isCopy === true) continue;
      results.push({ id: push.id, delivered: false, answer: known ?? '' });
      continue;
    }
    try {
      const { status } = await way.deliver(signDelivery(application, push, way.now()));
      if (push.isCopy === true) continue;
      results.push({ id: push.id, delivered: status === 200, answer: `HTTP ${status}` });
    } catch (error) {
      if (push.isCopy === true) continue;
      const answer = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error);
      silent.set(push.url, answer);
      results.push({ id: push.id, delivered: false, answer });
    }
  }
  return results;
}
