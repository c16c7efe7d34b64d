import type { ServerResponse } from 'node:http';
import type { BodyResult } from './read-body.js';
import type { TextPair } from '../domain/text-pair.js';

/** Why a request is not taken. */
export interface Refusal {
  readonly status: number;
  readonly reason: TextPair;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Headers of an answer after which the platform is to try again, in a minute. */
export const RETRY_LATER = { 'retry-after': '60' };

const OF_BODIES: Readonly<Partial<Record<BodyResult['state'], Refusal>>> = {
  'too-large': { status: 413, reason: { zh: '消息体过大', en: 'the body is too large' } },
  crowded: {
    status: 503,
    reason: { zh: '同时到达的大推送过多', en: 'too many large pushes at once' },
    headers: RETRY_LATER,
  },
};

/** @returns why a body that arrived so is refused; `undefined` where it is not. */
export function refusalOfBody(state: BodyResult['state']): Refusal | undefined {
  return OF_BODIES[state];
}

/** Answers. The connection is closed: the rest of a body that was not read must not be taken for the next request. */
export function refuse(response: ServerResponse, { status, headers }: Refusal): void {
  response.writeHead(status, { ...headers, connection: 'close', 'content-length': 0 });
  response.end();
}
