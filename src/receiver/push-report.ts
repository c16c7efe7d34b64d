import type { NotificationRecord } from '../domain/notification-record.js';
import type { PushKind } from '../domain/push-kind.js';
import type { AppendResult } from '../store/journal.js';
import type { SignatureState } from './judge-signature.js';

/** What is known of a request from its head. */
export interface RequestFacts {
  /** When it began, by the monotonic clock. */
  readonly begunMs: number;
  readonly remote: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signature: SignatureState;
}

/** What was found in its body. */
export interface BodyFacts {
  readonly at: Date;
  readonly kind: PushKind;
  readonly key: string | undefined;
  readonly bytes: Uint8Array;
}

/** How it ended. */
export interface PushOutcome {
  /** `undefined`: refused, nothing was kept. */
  readonly result: AppendResult | undefined;
  readonly status: number;
  /** What gives the records; `undefined` where the body was not read. */
  readonly found: { readonly records: readonly NotificationRecord[] } | undefined;
}

/** What became of one POST; told after it was answered. It holds on to what it tells of instead of copying it: one is made for each push. */
export class PushReport {
  readonly at: Date;
  readonly kind: PushKind;
  readonly key: string | undefined;
  /** The body; empty where it was not read. */
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined`: refused, nothing was kept. */
  readonly result: AppendResult | undefined;
  readonly remote: string;
  readonly path: string;
  readonly signature: SignatureState;
  /** HTTP status of the answer. */
  readonly status: number;
  /** From the head of the request to its answer, milliseconds. */
  readonly tookMs: number;
  readonly #found: PushOutcome['found'];

  constructor(request: RequestFacts, body: BodyFacts, outcome: PushOutcome) {
    this.at = body.at;
    this.kind = body.kind;
    this.key = body.key;
    this.bytes = body.bytes;
    this.headers = request.headers;
    this.result = outcome.result;
    this.remote = request.remote;
    this.path = request.path;
    this.signature = request.signature;
    this.status = outcome.status;
    this.tookMs = performance.now() - request.begunMs;
    this.#found = outcome.found;
  }

  /** What the push holds, read when it is asked for; empty where it is no notification, or was not read. */
  get records(): readonly NotificationRecord[] {
    return this.#found?.records ?? [];
  }
}
