import type { AppError } from '../../errors.js';
import type { AppendResult } from '../journal.js';
import type { PreparedPush } from './journal-line.js';
import type { SeenKeys } from './seen-keys.js';
import type { TermHash } from './term-hash.js';

/** A push that waits for the disk. */
export interface WaitingPush {
  readonly prepared: PreparedPush;
  /** Of its arrival, UTC: `2026-11-22`. */
  readonly day: string;
  /** What it takes while it waits. */
  readonly sizeBytes: number;
  /** How it stands to those before it: decided when it is written. */
  result: AppendResult;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: AppError) => void;
}

/** Pushes that are written together. */
export interface JournalGroup {
  readonly pushes: readonly WaitingPush[];
  /** Contents (SHA-256) under the keys that are new with this group. */
  readonly keys: Map<string, string[]>;
  readonly fresh: { readonly hash: TermHash; readonly prepared: PreparedPush }[];
}

/**
 * Takes from the queue what is written next: pushes of one day, in order, up to the size of a group: the folder of a day holds that day's arrivals and no others.
 * @returns `undefined` when none waits.
 */
export function takeGroup(queue: WaitingPush[], mostBytes: number): JournalGroup | undefined {
  if (queue.length === 0) return undefined;
  const day = queue[0]?.day;
  let sizeBytes = 0;
  let count = 0;
  for (const waiting of queue) {
    if (waiting.day !== day || (count > 0 && sizeBytes + waiting.sizeBytes > mostBytes)) break;
    sizeBytes += waiting.sizeBytes;
    count += 1;
  }
  return { pushes: queue.splice(0, count), keys: new Map(), fresh: [] };
}

/**
 * How a push of the group stands to all before it; what is new is noted in the group.
 * @param before the group that is written and not durable yet: its keys are not among `seen`.
 */
export function judgeInGroup(
  prepared: PreparedPush,
  group: JournalGroup,
  before: JournalGroup | undefined,
  seen: SeenKeys,
): AppendResult {
  const { push, sha } = prepared;
  if (push.key === undefined) return 'new';
  const hash = seen.hashOf(push.key);
  const own = group.keys.get(push.key);
  let result = seen.lookup(hash, sha);
  for (const shas of [before?.keys.get(push.key), own])
    if (shas !== undefined) result = strongest(result, shas.includes(sha) ? 'duplicate' : 'conflict');
  if (result === 'duplicate') return result;
  if (own === undefined) group.keys.set(push.key, [sha]);
  else own.push(sha);
  group.fresh.push({ hash, prepared });
  return result;
}

function strongest(one: AppendResult, other: AppendResult): AppendResult {
  if (one === 'duplicate' || other === 'duplicate') return 'duplicate';
  return one === 'conflict' || other === 'conflict' ? 'conflict' : 'new';
}
