import { isUtf8 } from 'node:buffer';
import { Batched, batchesOf } from '../domain/batched.js';
import { counted } from '../domain/counted.js';
import type { NotificationRecord } from '../domain/notification-record.js';
import { parseJsonBytes } from '../domain/parse-json.js';
import { type PushKind, RECORD_KINDS } from '../domain/push-kind.js';
import type { TextPair, Words } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { buildRecordFilter, type RecordCriteria } from '../notifications/filter-records.js';
import { findInputs } from '../notifications/find-inputs.js';
import type { ReadProblem } from '../notifications/input-problems.js';
import { parsePush } from '../notifications/parse-push.js';
import { countRecords, type FoundPart, isCallRows } from '../notifications/quick/found-part.js';
import type { CallScreen } from '../notifications/quick/screen-calls.js';
import { readPushes } from '../notifications/read-pushes.js';
import type { ReadItem } from '../notifications/read-item.js';
import { recordTime } from '../notifications/record-time.js';
import { dropRepeated, findRecords, type Reader, wholeItems } from '../notifications/read-notifications.js';
import type { BodyChoice, StoredPush } from '../store/journal.js';
import type { CommandContext } from './command-context.js';
import { firstArrival } from './first-arrival.js';
import { stoppable } from './stoppable.js';
import { ReadComplaints, nothingRead } from './read-complaints.js';

const BACKSLASH = 0x5c;

/** Records to show, and what went wrong while they were read. */
export interface OpenRecords {
  /** The whole records. */
  readonly items: Batched<ReadItem>;
  /** The same in place of `items`, with calls as the scanner left them, many in one part: those stand only until the next batch is asked for. */
  readonly found: Batched<FoundPart>;
  /** Filled while the records are read. */
  readonly warnings: readonly Words[];
  /** Asked at the end: nothing readable at all, or parts of it. */
  outcome(): AppError | undefined;
  /** Asked at the end, for an error about what was not found: where it may have stood unread, as a clause; `undefined` where everything was read. */
  unread(): TextPair | undefined;
  /** Asked at the end: arrival of the first push of the journal that was read, of any kind; `undefined` without one. */
  firstPushAt(): Date | undefined;
}

/** What is wanted beside each record once. */
export interface OpenRecordsOptions {
  readonly reader?: Reader | undefined;
  /**
   * Calls that surely do not meet these may be left out, and days of the journal that surely hold none; whether the others do is for the reader of the
   * records to find out.
   */
  readonly criteria?: RecordCriteria | undefined;
  /** Only pushes of the journal that arrived from this instant on; else what the `since` of the criteria says. */
  readonly from?: Date | undefined;
  /** Only records of these kinds are wanted, and others may be left out; without it those of the criteria. */
  readonly kinds?: readonly NotificationRecord['kind'][] | undefined;
  /** Only calls and events that may hold this text in one of their values are wanted; of the journal the others are left out, and not named where they cannot be read. */
  readonly mentioning?: string | undefined;
  /** Records met again come again. */
  readonly repeated?: boolean | undefined;
  /** Told of every push of the journal before its records, whole, repeated pushes too (their bytes are empty). */
  readonly onPush?: ((push: StoredPush) => void) | undefined;
}

/** Told where nothing was ever received. */
export const EMPTY_JOURNAL: Words = {
  zh: '推送日志为空：请给出文件，或用 listen 接收推送',
  en: 'the journal is empty: give files, or receive pushes with "listen"',
};

/** Told of a push of the journal that is no notification. */
export function notOfPlatform(id: string): TextPair {
  return { zh: `推送 ${id}：不是平台的通知`, en: `push ${id}: not a notification of the platform` };
}

/**
 * Opens files, folders, globs and `-` (stdin), or without any the journal of the profile.
 * @throws AppError `input-unreadable` for what is not there.
 */
export async function openRecords(
  context: CommandContext,
  files: readonly string[],
  options: OpenRecordsOptions = {},
): Promise<OpenRecords> {
  const complaints = new ReadComplaints();
  const { warnings } = complaints;
  let good = 0;
  let stray: string | undefined;
  let strayCount = 0;
  let firstPushAt: Date | undefined;
  let garbled: string | undefined;
  let garbledCount = 0;
  const strangers = (id: string): void => {
    stray ??= id;
    strayCount += 1;
  };
  const notText = (id: string): void => {
    garbled ??= id;
    garbledCount += 1;
  };
  const from = options.from ?? firstArrival(options.criteria?.since, context);
  const { criteria, reader } = options;
  const pass = (count: number): void => {
    good += count;
  };
  const first = (at: Date): void => {
    firstPushAt ??= at;
  };
  const read: Batched<FoundPart> =
    files.length > 0
      ? await fromFiles(context, files, { complaints, reader })
      : new Batched(fromJournal(context, { complaints, strangers, notText, pass, first }, { ...options, from }));
  const all = screened(stoppable(read, context.signal), { criteria, pass });
  const source = options.repeated === true ? all : dropRepeated(all, reader);
  const records = async function* (): AsyncGenerator<readonly FoundPart[]> {
    for await (const batch of batchesOf(source)) {
      good += countRecords(batch);
      yield batch;
    }
    if (stray !== undefined) {
      warnings.push({
        zh: `推送日志中有 ${strayCount} 条不是平台的通知，已略过；第一条是 ${stray}`,
        en: `${strayCount} in the journal are no notifications of the platform and are left out; the first is ${stray}`,
      });
    }
    if (garbled !== undefined) {
      warnings.push({
        zh: `推送日志中有 ${garbledCount} 条推送含有非 UTF-8 字节，文本显示为 U+FFFD；第一条是 ${garbled}`,
        en: `${counted(garbledCount, 'push', 'pushes')} of the journal with bytes that are no UTF-8; as text they are U+FFFD; the first is ${garbled}`,
      });
    }
    const nothing = good === 0 && files.length === 0 && complaints.problemCount === 0 && stray === undefined;
    if (nothing && (from === undefined || (await isEmpty(context)))) {
      warnings.push(EMPTY_JOURNAL);
    }
  };
  const found = new Batched(records());
  return {
    items: wholeItems(found),
    found,
    warnings,
    unread: () => complaints.clause(),
    firstPushAt: () => firstPushAt,
    outcome: () => {
      const { firstProblem, problemCount } = complaints;
      if (firstProblem === undefined) return undefined;
      if (good === 0) return nothingRead(firstProblem);
      return new AppError('some-failed', {
        zh: `有 ${problemCount} 条记录无法读取；其余的已显示`,
        en: `${problemCount} of the records could not be read; the rest is shown`,
      });
    },
  };
}

async function fromFiles(
  context: CommandContext,
  files: readonly string[],
  { complaints, reader }: { readonly complaints: ReadComplaints; readonly reader: Reader | undefined },
): Promise<Batched<FoundPart>> {
  const onProblem = (problem: ReadProblem): void => {
    complaints.addProblem(problem);
  };
  const inputs = await findInputs(files, { cwd: context.cwd, stdin: context.stdin, signal: context.signal, onProblem });
  return findRecords(inputs, { reader, onProblem });
}

/**
 * Leaves out calls that are surely not wanted. Before repeated records are: those have the same content, so what is not wanted once never is.
 * @param wanted `pass` is told how many were left out.
 */
function screened(
  found: Batched<FoundPart>,
  { criteria, pass }: { readonly criteria: RecordCriteria | undefined; readonly pass: (count: number) => void },
): Batched<FoundPart> {
  if (criteria === undefined) return found;
  const fits = buildRecordFilter(criteria);
  // Arrival stands in for a time that is missing, and is not the same when a call comes again.
  const isUnwanted = ({ record, receivedAt }: ReadItem): boolean =>
    record.kind === 'CallRecord' && recordTime(record) !== undefined && !fits(record, receivedAt);
  const screenedParts = async function* (): AsyncGenerator<readonly FoundPart[]> {
    let screen: CallScreen | undefined;
    for await (const batch of found.batches()) {
      const left: FoundPart[] = [];
      for (const part of batch) {
        if (!isCallRows(part)) {
          if (!isUnwanted(part)) left.push(part);
          continue;
        }
        screen ??= (await import('../notifications/quick/screen-calls.js')).screenCalls(criteria);
        const rows = screen.wanted(part);
        if (rows.count > 0) left.push(rows);
      }
      pass(countRecords(batch) - countRecords(left));
      if (left.length > 0) yield left;
    }
  };
  return new Batched(screenedParts());
}

/** @param how `pass` is told of pushes that surely hold nothing that is wanted, `first` of the arrival of each batch of pushes. */
async function* fromJournal(
  context: CommandContext,
  how: {
    readonly complaints: ReadComplaints;
    readonly strangers: (id: string) => void;
    readonly notText: (id: string) => void;
    readonly pass: (count: number) => void;
    readonly first: (at: Date) => void;
  },
  { repeated, onPush, from, reader, criteria, kinds, mentioning }: OpenRecordsOptions,
): AsyncGenerator<readonly FoundPart[]> {
  const { journal } = await context.store();
  const wantedKinds = kinds ?? (criteria?.kind === undefined ? undefined : [criteria.kind]);
  // What was not understood when it arrived may be now.
  const mayHold = (kind: PushKind): boolean =>
    wantedKinds === undefined || kind === 'unknown' || wantedKinds.includes(RECORD_KINDS[kind]);
  const mayMention = mentioning === undefined ? () => true : mayHoldText(mentioning);
  const bodiesOf: BodyChoice = (kind, body) =>
    mayHold(kind) && ((kind !== 'fee' && kind !== 'event') || mayMention(body()));
  const pushes = journal.read({
    duplicates: repeated === true,
    from,
    ...(onPush === undefined && { bodiesOf, headers: false }),
    onDamage: (damage) => {
      how.complaints.addProblem(damage);
    },
  });
  const parse = (push: StoredPush): readonly ReadItem[] => {
    const parsed = parsePush(parseJsonBytes(push.bytes), push.at);
    if (!isUtf8(push.bytes)) how.notText(push.id);
    // What nobody could read when it arrived is somebody's stray request: worth a word, not a failure of every later command.
    if (parsed === undefined && push.kind === 'unknown') how.strangers(push.id);
    else if (parsed === undefined || parsed.badEntries > 0) how.complaints.add(notOfPlatform(push.id));
    return (parsed?.records ?? []).map((record) => ({ record, file: push.id, line: 1, receivedAt: push.at }));
  };
  const isWanted = (push: StoredPush): boolean => {
    onPush?.(push);
    if (push.result === 'duplicate') return false;
    const holds = bodiesOf(push.kind, () => push.bytes);
    if (!holds) how.pass(1);
    return holds;
  };
  const wanted = async function* (): AsyncGenerator<readonly StoredPush[]> {
    for await (const batch of batchesOf(pushes)) {
      if (batch[0] !== undefined) how.first(batch[0].at);
      yield batch.filter(isWanted);
    }
  };
  yield* readPushes(new Batched(wanted()), { reader, parse });
}

/** Whether JSON may hold the text in a value: as it stands, or written with escapes. */
function mayHoldText(text: string): (body: Uint8Array) => boolean {
  // What JSON must or may escape is not looked for.
  if (!/^[ !#-.0-[\]-~]+$/.test(text)) return () => true;
  const needle = Buffer.from(text);
  return (body) => {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return bytes.includes(needle) || bytes.includes(BACKSLASH);
  };
}

/** Whether nothing was ever received: what lies before the days that were read is not known yet. */
async function isEmpty(context: CommandContext): Promise<boolean> {
  const { journal } = await context.store();
  for await (const _ of journal.read()) return false;
  return true;
}
