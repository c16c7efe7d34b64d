import { recordKey, type NotificationRecord } from '../domain/notification-record.js';
import { canonicalText } from './canonical-text.js';
import { gunzip } from './gunzip.js';
import { parseJournalLine } from './journal-line.js';
import { parsePush } from './parse-push.js';
import { SeenTexts } from './seen-texts.js';
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
 * not stop the rest. Inputs are read one after another; memory does not grow with them but for 16 bytes a record with `dedupe`.
 * @throws whatever opening or reading an input throws.
 */
export function readNotifications(
  inputs: Iterable<NotificationInput> | AsyncIterable<NotificationInput>,
  options: ReadNotificationsOptions = {},
): AsyncGenerator<ReadItem> {
  const all = readInputs(inputs, options);
  return options.dedupe === false ? all : dropRepeated(all);
}

/**
 * Leaves out records met again with the same key and content; the same key with other content stays, and so do records without a key.
 * Takes 16 bytes of memory a record.
 */
export async function* dropRepeated<T extends { readonly record: NotificationRecord }>(
  items: AsyncIterable<T>,
): AsyncGenerator<T> {
  const seen = new SeenTexts();
  for await (const item of items) if (isNew(item.record, seen)) yield item;
}

async function* readInputs(
  inputs: Iterable<NotificationInput> | AsyncIterable<NotificationInput>,
  options: ReadNotificationsOptions,
): AsyncGenerator<ReadItem> {
  for await (const input of inputs) for await (const item of readInput(input, options)) yield item;
}

function isNew(record: NotificationRecord, seen: SeenTexts): boolean {
  const key = recordKey(record);
  return key === undefined || seen.add(`${key}\n${canonicalText(record.raw)}`);
}

async function* readInput(input: NotificationInput, options: ReadNotificationsOptions): AsyncGenerator<ReadItem> {
  const file = input.name;
  const report = (line: number, reason: string): void => {
    options.onProblem?.({ file, line, reason });
  };
  const bytes = gunzip(input.open(), (reason) => {
    report(0, reason);
  });
  for await (const { line, problem, value } of splitJson(bytes, options)) {
    if (problem !== undefined) {
      report(line, problem);
      continue;
    }
    const read = readValue(value);
    if (read.reason !== undefined) report(line, read.reason);
    for (const record of read.records) yield { record, file, line, receivedAt: read.receivedAt };
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
