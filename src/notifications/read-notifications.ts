import { Batched, batchesOf } from '../domain/batched.js';
import type { NotificationRecord } from '../domain/notification-record.js';
import { gunzip } from './gunzip.js';
import { parseJournalLine } from './journal-line.js';
import { parsePush } from './parse-push.js';
import { SeenRecords } from './seen-records.js';
import { splitJson, type SplitJsonOptions } from './split-json.js';

/** A file, standard input or anything else that holds notifications. */
export interface NotificationInput {
  /** As a person would name it. */
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
}

/** One record and where it stands. */
export interface ReadItem {
  readonly record: NotificationRecord;
  /** Name of the input. */
  readonly file: string;
  /** First line of its body, from 1. */
  readonly line: number;
  /** Known from the journal only. */
  readonly receivedAt?: Date | undefined;
}

/** Something that could not be read. Its text holds nothing of the content. */
export interface ReadProblem {
  readonly file: string;
  /** First line of what could not be read; of a damaged gzip file 0. */
  readonly line: number;
  readonly reason: string;
}

/** How to read. */
export interface ReadNotificationsOptions extends SplitJsonOptions {
  /** A record met again with the same content comes once, unless this is false; the same key with other content comes twice. */
  readonly dedupe?: boolean | undefined;
  readonly onProblem?: ((problem: ReadProblem) => void) | undefined;
}

/**
 * Reads notifications in every shape in which they are kept: pushes as they came, bare lists and single CDRs, the journal, one body
 * a file, arrays, NDJSON, concatenated, inside logs and `.http` files, gzipped. What cannot be read is told to `onProblem` and does
 * not stop the rest. Inputs are read one after another; memory does not grow with them but for some 9 bytes a record with `dedupe`.
 * A problem is told before the records of its batch are handed on.
 * @throws whatever opening or reading an input throws.
 */
export function readNotifications(
  inputs: Iterable<NotificationInput> | AsyncIterable<NotificationInput>,
  options: ReadNotificationsOptions = {},
): Batched<ReadItem> {
  const all = new Batched(readInputs(inputs, options));
  return options.dedupe === false ? all : dropRepeated(all);
}

/**
 * Leaves out records met again with the same key and content; the same key with other content stays, and so do records without a key.
 * Takes some 9 bytes of memory a record.
 */
export function dropRepeated<T extends { readonly record: NotificationRecord }>(items: AsyncIterable<T>): Batched<T> {
  return new Batched(newOnly(items));
}

async function* newOnly<T extends { readonly record: NotificationRecord }>(
  items: AsyncIterable<T>,
): AsyncGenerator<readonly T[]> {
  const seen = new SeenRecords();
  for await (const batch of batchesOf(items)) {
    const fresh = batch.filter(({ record }) => seen.add(record));
    if (fresh.length > 0) yield fresh;
  }
}

async function* readInputs(
  inputs: Iterable<NotificationInput> | AsyncIterable<NotificationInput>,
  options: ReadNotificationsOptions,
): AsyncGenerator<readonly ReadItem[]> {
  for await (const input of inputs) for await (const batch of readInput(input, options)) yield batch;
}

async function* readInput(
  input: NotificationInput,
  options: ReadNotificationsOptions,
): AsyncGenerator<readonly ReadItem[]> {
  const file = input.name;
  const report = (line: number, reason: string): void => {
    options.onProblem?.({ file, line, reason });
  };
  const bytes = gunzip(input.open(), (reason) => {
    report(0, reason);
  });
  for await (const pieces of splitJson(bytes, options).batches()) {
    const items: ReadItem[] = [];
    for (const { line, problem, value } of pieces) {
      if (problem !== undefined) {
        report(line, problem);
        continue;
      }
      const { records, receivedAt, reason } = readValue(value);
      if (reason !== undefined) report(line, reason);
      for (const record of records) items.push({ record, file, line, receivedAt });
    }
    if (items.length > 0) yield items;
  }
}

interface ReadValue {
  readonly records: readonly NotificationRecord[];
  readonly receivedAt?: Date | undefined;
  readonly reason?: string | undefined;
}

function readValue(value: unknown): ReadValue {
  const kept = parseJournalLine(value);
  if (kept?.duplicate === true) return { records: [] };
  if (kept?.unreadable === true) return { records: [], reason: 'a push whose body is no JSON' };
  const receivedAt = kept?.receivedAt;
  const push = parsePush(kept === undefined ? value : kept.body, receivedAt);
  if (push === undefined) return { records: [], reason: 'not a notification' };
  const reason = push.badEntries > 0 ? `${push.badEntries} entries of the list are no objects` : undefined;
  return { records: push.records, receivedAt, reason };
}
