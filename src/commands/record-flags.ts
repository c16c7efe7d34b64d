import type { Command } from 'commander';
import { Batched, batchesOf } from '../domain/batched.js';
import type { CallDirection } from '../domain/call-record.js';
import { OUTCOMES } from '../domain/outcome.js';
import type { NotificationRecord } from '../domain/notification-record.js';
import { AppError } from '../errors.js';
import { buildRecordFilter, type RecordCriteria, type RecordFilter } from '../notifications/filter-records.js';
import { type FoundPart, wholeItemsOf } from '../notifications/quick/found-part.js';
import type { Reader } from '../notifications/read-notifications.js';
import type { CommandContext } from './command-context.js';
import {
  parseChoice,
  parseChoices,
  parseCount,
  parseMode,
  parseSeconds,
  parseSpan,
  parseWantedNumber,
} from './parse-flags.js';

/** Flags that choose records. */
export interface RecordOptions {
  readonly since?: string;
  readonly until?: string;
  readonly x?: string;
  readonly a?: string;
  readonly b?: string;
  readonly number?: string;
  readonly session?: string;
  readonly subscription?: string;
  readonly mode?: string;
  readonly direction?: string;
  readonly outcome?: string;
  readonly failed?: boolean;
  readonly code?: string;
  readonly minDuration?: string;
  readonly maxDuration?: string;
  readonly recorded?: boolean;
  readonly limit?: string;
  readonly reader?: string;
}

const DIRECTIONS = ['a-to-b', 'b-to-a', 'abnormal'] as const satisfies readonly CallDirection[];

const READERS = ['auto', 'full'] as const satisfies readonly Reader[];

/** Adds the filters that fit every kind of record; with `calls` also those of calls. */
export function addRecordFlags(command: Command, calls: boolean): void {
  addCriteriaFlags(command, calls);
  command
    .option('--limit <count>', 'at most so many')
    .option('--reader <which>', `${READERS.join(' or ')}: full reads large files by the slower parser alone`, 'auto');
}

/** The filters alone, for a command that reads by a way of its own. */
export function addCriteriaFlags(command: Command, calls: boolean): void {
  command
    .option('--since <time>', 'from this time on: 2026-11-22, "2026-11-22 08:00" (in --tz), yesterday, 24h (ago)')
    .option('--until <time>', 'until this time; a day counts whole')
    .option('-x, --x <number>', 'X number, whole or its last digits')
    .option('-a, --a <number>', 'A number, whole or its last digits')
    .option('-b, --b <number>', 'B number, whole or its last digits')
    .option('--number <number>', 'a number on any side')
    .option('--session <id>', 'sessionId')
    .option('--subscription <id>', 'binding ID')
    .option('--failed', 'only what did not succeed')
    .option('--code <code>', 'cause or result code');
  if (calls) {
    command
      .option('--mode <mode>', 'calls of this mode')
      .option('--direction <direction>', DIRECTIONS.join(', '))
      .option('--outcome <list>', OUTCOMES.join(', '))
      .option('--min-duration <time>', 'talk of at least')
      .option('--max-duration <time>', 'talk of at most')
      .option('--recorded', 'only recorded calls');
  }
}

/** What was typed as criteria. @throws AppError `flag-invalid` naming the flag; `flag-conflict`. */
export function readCriteria(options: RecordOptions, context: Pick<CommandContext, 'zone' | 'now'>): RecordCriteria {
  const { from, to } = parseSpan(options, { zone: context.zone, now: context.now() });
  const number = (flag: string, text: string | undefined): string | undefined =>
    text === undefined ? undefined : parseWantedNumber(flag, text);
  const seconds = (flag: string, text: string | undefined): number | undefined =>
    text === undefined ? undefined : parseSeconds(flag, text);
  const minDurationSeconds = seconds('--min-duration', options.minDuration);
  const maxDurationSeconds = seconds('--max-duration', options.maxDuration);
  if (minDurationSeconds !== undefined && maxDurationSeconds !== undefined && maxDurationSeconds < minDurationSeconds)
    throw new AppError('flag-conflict', {
      zh: '--max-duration 小于 --min-duration：没有呼叫能同时满足',
      en: '--max-duration is shorter than --min-duration: no call is both',
    });
  return {
    since: from,
    until: to,
    x: number('-x', options.x),
    a: number('-a', options.a),
    b: number('-b', options.b),
    number: number('--number', options.number),
    session: options.session,
    subscription: options.subscription,
    mode: options.mode === undefined ? undefined : parseMode('--mode', options.mode),
    direction: options.direction === undefined ? undefined : parseChoice('--direction', options.direction, DIRECTIONS),
    outcome: options.outcome === undefined ? undefined : parseChoices('--outcome', options.outcome, OUTCOMES),
    failed: options.failed,
    code: options.code,
    minDurationSeconds,
    maxDurationSeconds,
    recorded: options.recorded,
  };
}

/** Who reads the files. @throws AppError `flag-invalid`. */
export function readReader({ reader = 'auto' }: RecordOptions): Reader {
  return parseChoice('--reader', reader, READERS);
}

/** The records that the flags want, as many as they want; reading stops with the last one. */
export function chooseRecords<K extends NotificationRecord['kind']>(
  found: AsyncIterable<FoundPart>,
  wanted: { readonly criteria: RecordCriteria; readonly limit: string | undefined; readonly kind: K | undefined },
): Batched<Extract<NotificationRecord, { kind: K }>> {
  // What was typed wrongly fails here, before the first line of output.
  const fits = buildRecordFilter({ ...wanted.criteria, kind: wanted.kind });
  const limit = wanted.limit === undefined ? Number.POSITIVE_INFINITY : parseCount('--limit', wanted.limit);
  return new Batched(choose(found, fits, limit)) as Batched<Extract<NotificationRecord, { kind: K }>>;
}

async function* choose(
  found: AsyncIterable<FoundPart>,
  fits: RecordFilter,
  limit: number,
): AsyncGenerator<readonly NotificationRecord[]> {
  let left = limit;
  for await (const batch of batchesOf(found)) {
    const chosen: NotificationRecord[] = [];
    for (const { record, receivedAt } of wholeItemsOf(batch)) {
      if (!fits(record, receivedAt)) continue;
      chosen.push(record);
      if (chosen.length >= left) break;
    }
    if (chosen.length > 0) yield chosen;
    left -= chosen.length;
    if (left <= 0) return;
  }
}
