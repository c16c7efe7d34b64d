import type { CallEvent } from '../domain/call-event.js';
import type { CallRecord } from '../domain/call-record.js';
import { instantOfLocal } from '../domain/instant.js';
import { recordKey } from '../domain/notification-record.js';
import { ContentHash } from './content-hash.js';
import type { RecordFilter } from './filter-records.js';
import { findHoles } from './find-holes.js';
import { buildFinding, type Finding, FindingCounter, type NewCounter } from './finding.js';
import { HashSet } from './hash-set.js';
import { localHours } from './local-hours.js';
import type { ReadItem } from './read-item.js';
import { recordTime } from './record-time.js';
import { SeenRecords } from './seen-records.js';

/** What an audit needs to know. */
export interface RecordAuditOptions {
  /** Zone of hours and weekdays. */
  readonly zone: string;
  readonly now: Date;
  /** Records outside are not found fault with, though a CDR outside still counts as the CDR of its call. */
  readonly wanted: RecordFilter;
  /** Silence after the last record counts too: the records come from a journal that should still grow. */
  readonly untilNow: boolean;
  /** Counters with {@link FindingCounter}'s own number of examples unless given. */
  readonly newCounter?: NewCounter | undefined;
}

/** The platform pushes a CDR up to 623 minutes after the call (1+4+9+106+203+300). Source: privatenumber_02_0006a (read 2026-07). */
const LATEST_PUSH_MS = 623 * 60_000;

interface OpenCall {
  readonly session: string;
  lastMs: number;
}

/**
 * Looks at records one by one, repeated ones too, and tells at the end what is wrong with them: records met again, calls with events and no CDR, calls
 * without a binding, holes in time. Memory: some 60 bytes a record (hashes), and the sessions that have no CDR yet.
 */
export class RecordAudit {
  readonly #options: RecordAuditOptions;
  readonly #clock: (atMs: number) => number;
  readonly #hash = new ContentHash();
  readonly #seen = new SeenRecords();
  readonly #keys = new HashSet();
  readonly #withCdr = new Set<number>();
  readonly #open = new Map<number, OpenCall>();
  readonly #hours = new Set<number>();
  readonly #unbound = new Map<string, FindingCounter>();
  readonly #repeatedPushes: FindingCounter;
  readonly #repeated: FindingCounter;
  readonly #conflicting: FindingCounter;
  /** Records looked at. */
  count = 0;

  constructor(options: RecordAuditOptions) {
    this.#options = options;
    this.#clock = localHours(options.zone);
    this.#repeatedPushes = this.#counter();
    this.#repeated = this.#counter();
    this.#conflicting = this.#counter();
  }

  /** A push of the journal that came again; its records are not known. */
  addRepeatedPush(at: Date, id: string): void {
    this.#repeatedPushes.add(at, id);
  }

  /** @returns whether the record was looked at: met for the first time, and wanted. */
  add({ record, receivedAt }: Pick<ReadItem, 'record' | 'receivedAt'>): boolean {
    const wanted = this.#options.wanted(record, receivedAt);
    const at = recordTime(record, receivedAt);
    if (record.kind === 'CallRecord' && record.sessionId !== undefined) this.#close(record.sessionId);
    if (record.kind === 'CallEvent') this.#follow(record, receivedAt, wanted);
    if (!wanted) return false;
    this.count += 1;
    const fresh = this.#meet(record, at);
    if (!fresh) return false;
    if (record.kind === 'CallRecord') this.#checkBinding(record, at);
    if (at !== undefined && (record.kind === 'CallRecord' || record.kind === 'CallEvent')) {
      this.#hours.add(this.#clock(at.getTime()));
    }
    return true;
  }

  /** All that was found, in no order. */
  findings(): Finding[] {
    return [
      ...this.#repeatedPushes.findings('push-repeated'),
      ...this.#repeated.findings('record-repeated'),
      ...this.#conflicting.findings('record-conflicting'),
      ...this.#missingCdrs().findings('cdr-missing'),
      ...[...this.#unbound].flatMap(([x, counter]) => counter.findings('binding-missing', { subject: x })),
      ...this.#holes(),
    ];
  }

  #counter(): FindingCounter {
    return this.#options.newCounter?.() ?? new FindingCounter();
  }

  #meet(record: ReadItem['record'], at: Date | undefined): boolean {
    const example = 'sessionId' in record ? record.sessionId : undefined;
    const fresh = this.#seen.add(record);
    const key = recordKey(record);
    if (key === undefined) return true;
    this.#hash.add(key);
    const newKey = this.#keys.add(this.#hash.high, this.#hash.low);
    if (!fresh) this.#repeated.add(at, example);
    else if (!newKey) this.#conflicting.add(at, example);
    return fresh;
  }

  #sessionNumber(session: string): number {
    this.#hash.add(session);
    return (this.#hash.high & 0x1f_ffff) * 0x1_0000_0000 + (this.#hash.low >>> 0);
  }

  #close(session: string): void {
    const number = this.#sessionNumber(session);
    this.#withCdr.add(number);
    this.#open.delete(number);
  }

  #follow({ sessionId, at }: CallEvent, receivedAt: Date | undefined, wanted: boolean): void {
    if (sessionId === undefined) return;
    const number = this.#sessionNumber(sessionId);
    if (this.#withCdr.has(number)) return;
    const call = this.#open.get(number);
    const lastMs = Math.max(at?.getTime() ?? 0, receivedAt?.getTime() ?? 0);
    if (call !== undefined) call.lastMs = Math.max(call.lastMs, lastMs);
    else if (wanted) this.#open.set(number, { session: sessionId, lastMs });
  }

  #checkBinding(record: CallRecord, at: Date | undefined): void {
    const empty = record.subscriptionId === undefined && Object.hasOwn(record.raw, 'subscriptionId');
    if (record.outcome !== 'no-binding' && !(empty && record.mode !== 'x' && record.outcome !== 'answered')) return;
    const x = record.x ?? '';
    const counter = this.#unbound.get(x) ?? this.#counter();
    this.#unbound.set(x, counter);
    counter.add(at, record.sessionId);
  }

  #missingCdrs(): FindingCounter {
    const counter = this.#counter();
    const latest = this.#options.now.getTime() - LATEST_PUSH_MS;
    for (const { session, lastMs } of this.#open.values()) {
      if (lastMs <= latest) counter.add(lastMs === 0 ? undefined : new Date(lastMs), session);
    }
    return counter;
  }

  #holes(): Finding[] {
    const { zone, now, untilNow } = this.#options;
    const instant = (hours: number): Date => {
      const wall = new Date(hours * 3_600_000);
      const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth() + 1, wall.getUTCDate()];
      return instantOfLocal({ year, month, day, hour: wall.getUTCHours() }, zone);
    };
    const holes = findHoles(this.#hours, untilNow ? this.#clock(now.getTime()) : undefined);
    return holes.map(({ from, to }) =>
      buildFinding('hole-possible', { count: to - from, at: instant(from), until: instant(to), examples: [] }),
    );
  }
}
