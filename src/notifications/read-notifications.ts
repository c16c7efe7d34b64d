import { Batched, batchesOf } from '../domain/batched.js';
import type { NotificationRecord } from '../domain/notification-record.js';
import type { ReadReason } from '../domain/read-reason.js';
import { gunzip, isGzip } from './gunzip.js';
import { parseJournalLine } from './journal-line.js';
import { InputProblems, type ReadProblem } from './input-problems.js';
import type { JsonPiece } from './json-splitter.js';
import type { NotificationInput, OpenFile } from './notification-input.js';
import { parsePush } from './parse-push.js';
import { type FoundPart, isCallRows, wholeItemsOf } from './quick/found-part.js';
import { readInTurn } from './read-in-turn.js';
import type { ReadItem } from './read-item.js';
import { isUtf16 } from './read-lines.js';
import type { SeenRecords } from './seen-records.js';
import { MAX_VALUE_CHARS, splitJson, type SplitJsonOptions } from './split-json.js';
import { streamHead } from './stream-head.js';

/**
 * Who reads: `full`, the parser that takes everything; `quick`, the scanner where it can and the parser for the rest, which gives the same records;
 * `auto`, the quick one for whatever is large.
 */
export type Reader = 'auto' | 'quick' | 'full';

/** How to read. */
export interface ReadNotificationsOptions extends SplitJsonOptions {
  /** `auto` unless told otherwise. */
  readonly reader?: Reader | undefined;
  /** A record met again with the same content comes once, unless this is false; the same key with other content comes twice. */
  readonly dedupe?: boolean | undefined;
  readonly onProblem?: ((problem: ReadProblem) => void) | undefined;
}

/**
 * Reads notifications in every shape in which they are kept: pushes as they came, bare lists and single CDRs, the journal, one body
 * a file, arrays, NDJSON, concatenated, inside logs and `.http` files, gzipped. What cannot be read is told to `onProblem` and does
 * not stop the rest. Inputs are read one after another; memory does not grow with them but for 9 to 14 bytes a record with `dedupe`.
 * A problem is told before the records of its batch are handed on.
 * @throws whatever opening or reading an input throws.
 */
export function readNotifications(
  inputs: Iterable<NotificationInput> | AsyncIterable<NotificationInput>,
  options: ReadNotificationsOptions = {},
): Batched<ReadItem> {
  const all = findRecords(inputs, options);
  return wholeItems(options.dedupe === false ? all : dropRepeated(all, options.reader));
}

/**
 * Like {@link readNotifications}, with calls as the scanner left them where it could read them: they stand only until the next batch is asked for.
 * Repeated records come as often as they are met.
 * @throws whatever opening or reading an input throws.
 */
export function findRecords(
  inputs: Iterable<NotificationInput> | AsyncIterable<NotificationInput>,
  options: ReadNotificationsOptions = {},
): Batched<FoundPart> {
  return new Batched(readInputs(inputs, options));
}

/** The whole records of what was found. */
export function wholeItems(found: Batched<FoundPart>): Batched<ReadItem> {
  const whole = async function* (): AsyncGenerator<readonly ReadItem[]> {
    for await (const batch of found.batches()) yield [...wholeItemsOf(batch)];
  };
  return new Batched(whole());
}

/**
 * Leaves out records met again with the same key and content; the same key with other content stays, and so do records without a key.
 * Takes 9 to 14 bytes of memory a record.
 * @param reader who read them; `full` where no scanned calls come.
 */
export function dropRepeated<T extends FoundPart | { readonly record: NotificationRecord }>(
  items: AsyncIterable<T>,
  reader: Reader = 'auto',
): Batched<T> {
  return new Batched(newOnly(items, reader));
}

async function* newOnly<T extends FoundPart | { readonly record: NotificationRecord }>(
  items: AsyncIterable<T>,
  reader: Reader,
): AsyncGenerator<readonly T[]> {
  let first: NotificationRecord | undefined;
  let seen: SeenRecords | undefined;
  for await (const batch of batchesOf(items)) {
    const [only] = batch;
    // A file of one CDR is read without anything being hashed, and without the code that hashes.
    if (first === undefined && seen === undefined && batch.length === 1 && only !== undefined && !isCallRows(only)) {
      first = only.record;
      yield batch;
      continue;
    }
    seen ??= await rememberFrom(first, reader);
    const fresh: T[] = [];
    for (const item of batch) {
      if (isCallRows(item)) {
        const rows = seen.newOf(item);
        if (rows.count > 0) fresh.push(rows as T & typeof rows);
      } else if (seen.add(item.record)) fresh.push(item);
    }
    if (fresh.length > 0) yield fresh;
  }
}

async function rememberFrom(first: NotificationRecord | undefined, reader: Reader): Promise<SeenRecords> {
  const { SeenRecords } = await import('./seen-records.js');
  const seen = new SeenRecords({ scanned: reader !== 'full' });
  if (first !== undefined) seen.add(first);
  return seen;
}

async function* readInputs(
  inputs: Iterable<NotificationInput> | AsyncIterable<NotificationInput>,
  options: ReadNotificationsOptions,
): AsyncGenerator<readonly FoundPart[]> {
  yield* readInTurn(inputs, (input) => readInput(input, options), options.onProblem);
}

/** For a first piece smaller than this the scanner would not earn its start: its code is loaded for what is larger. */
export const QUICK_FROM_BYTES = 16 * 1024;

async function* readInput(
  input: NotificationInput,
  options: ReadNotificationsOptions,
): AsyncGenerator<readonly FoundPart[]> {
  const { name } = input;
  const problems = new InputProblems(name, (problem) => options.onProblem?.(problem));
  const take = (pieces: readonly JsonPiece[], items: FoundPart[]): void => {
    for (const { line, problem, value } of pieces) {
      if (problem !== undefined) {
        problems.add(line, problem);
        continue;
      }
      const { records, receivedAt, reason, garbled } = readValue(value);
      if (garbled === true) problems.addGarbled(line);
      if (reason !== undefined) problems.add(line, reason);
      for (const record of records) items.push({ record, file: name, line, receivedAt });
    }
  };
  const { reader = 'auto', maxValueChars = MAX_VALUE_CHARS } = options;
  const onGarbled = (line: number): void => {
    problems.addGarbled(line);
  };
  const scanner = async () => {
    const { LineScanner } = await import('./quick/scan-lines.js');
    return new LineScanner({ file: name, maxValueChars, take, onGarbled });
  };
  const file = reader === 'full' ? undefined : await input.openFile?.();
  try {
    if (file !== undefined && (await isForScanner(file, reader))) {
      yield* (await scanner()).readFile(file);
      return;
    }
    const unpacked = gunzip(file !== undefined && isSmall(file) ? piecesOf(file) : input.open(), (reason) => {
      problems.endInDamage(reason);
    });
    // Of a stream that comes line by line nothing is held back to see how long it gets.
    const { head, all } = await streamHead(unpacked, 3);
    if (reader === 'full' || isUtf16(head) || (reader === 'auto' && head.length < QUICK_FROM_BYTES)) {
      for await (const pieces of splitJson(all, { maxValueChars, onGarbled }).batches()) {
        const items: FoundPart[] = [];
        take(pieces, items);
        if (items.length > 0) yield items;
      }
    } else yield* (await scanner()).readStream(all);
    problems.end();
  } finally {
    problems.endGarbled();
    await file?.close();
  }
}

/** Not of files that are made while they are read, whose length is 0. */
function isSmall({ sizeBytes }: OpenFile): boolean {
  return sizeBytes > 0 && sizeBytes < QUICK_FROM_BYTES;
}

/** A small file to its end; opening it again as a stream would take longer than reading it. */
async function* piecesOf(file: OpenFile): AsyncGenerator<Uint8Array> {
  for (let position = 0; ;) {
    const piece = new Uint8Array(QUICK_FROM_BYTES);
    const count = await file.read(piece, position);
    if (count === 0) return;
    position += count;
    yield piece.subarray(0, count);
  }
}

/** Whether a file is large enough for the scanner, and plain UTF-8. */
async function isForScanner(file: OpenFile, reader: Reader): Promise<boolean> {
  if (reader === 'auto' && file.sizeBytes < QUICK_FROM_BYTES) return false;
  const head = new Uint8Array(2);
  return (await file.read(head, 0)) === 2 && !isUtf16(head) && !isGzip(head);
}

interface ReadValue {
  readonly records: readonly NotificationRecord[];
  readonly receivedAt?: Date | undefined;
  readonly reason?: ReadReason | undefined;
  /** Bytes of it are no UTF-8. */
  readonly garbled?: boolean | undefined;
}

function readValue(value: unknown): ReadValue {
  const kept = parseJournalLine(value);
  if (kept?.duplicate === true) return { records: [] };
  const garbled = kept?.garbled;
  if (kept?.unreadable === true) return { records: [], reason: 'a push whose body is no JSON' };
  const receivedAt = kept?.receivedAt;
  const push = parsePush(kept === undefined ? value : kept.body, receivedAt);
  if (push === undefined) return { records: [], reason: 'not a notification', garbled };
  const reason: ReadReason | undefined =
    push.badEntries > 0 ? `${push.badEntries} entries of the list are no objects` : undefined;
  return { records: push.records, receivedAt, reason, garbled };
}
