import { gunzip } from '../notifications/gunzip.js';
import type { NotificationInput } from '../notifications/notification-input.js';
import type { ReadProblem } from '../notifications/read-notifications.js';
import { splitJson } from '../notifications/split-json.js';
import { decodeJournalLine } from '../store/file/journal-line.js';
import { LineError } from '../store/file/sealed-line.js';
import { itemOfPush } from './items-from-journal.js';
import { sessionKeysOf, sessionKeysOfValue } from './session-keys.js';
import { PLAIN_HEADERS, type ReplayItem } from './replay-item.js';

/** No push of the platform is larger; a file up to this length may be one body. */
const MAX_BODY_BYTES = 1_048_576;
const JOURNAL_START = Buffer.from('{"v":1,"seq":');
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Saved pushes in files, in the order of files and lines. A segment of the journal gives bodies and headers as they came; a
 * file that is one body gives that body byte for byte (without a byte-order mark); of any other file each body is written
 * anew, without blanks, and fees that stand alone or in a bare list are put into a push of their own. Gzipped files are
 * unpacked.
 * @param onProblem told of what cannot be replayed; reading goes on behind it.
 */
export async function* itemsFromFiles(
  inputs: Iterable<NotificationInput> | AsyncIterable<NotificationInput>,
  onProblem: (problem: ReadProblem) => void,
): AsyncGenerator<ReplayItem> {
  for await (const input of inputs) yield* itemsOfFile(input, onProblem);
}

async function* itemsOfFile(
  input: NotificationInput,
  onProblem: (problem: ReadProblem) => void,
): AsyncGenerator<ReplayItem> {
  const report = (line: number, reason: string): void => {
    onProblem({ file: input.name, line, reason });
  };
  const unpacked = gunzip(input.open(), (reason) => {
    report(0, reason);
  });
  try {
    const { head, whole, all } = await peek(unpacked);
    const single = whole ? singleBody(input.name, head) : undefined;
    if (startsWith(head, JOURNAL_START)) yield* itemsOfSegment(input.name, all(), report);
    else if (single !== undefined) yield single;
    else yield* itemsOfValues(input.name, all(), report);
  } finally {
    await unpacked.return(undefined);
  }
}

/** Reads so far that a single body is whole; `all` gives the stream from its start again, once. */
async function peek(
  iterator: AsyncIterator<Uint8Array>,
): Promise<{ head: Buffer; whole: boolean; all: () => AsyncIterable<Uint8Array> }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let whole = false;
  while (size <= MAX_BODY_BYTES) {
    const next = await iterator.next();
    if (next.done === true) {
      whole = true;
      break;
    }
    parts.push(next.value);
    size += next.value.length;
  }
  const head = Buffer.concat(parts);
  async function* all(): AsyncGenerator<Uint8Array> {
    yield head;
    while (!whole) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  }
  return { head, whole, all };
}

function singleBody(name: string, file: Buffer): ReplayItem | undefined {
  const bytes = startsWith(file, BOM) ? file.subarray(BOM.length) : file;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isPush(value) || isJournalValue(value)) return undefined;
  return { label: name, bytes, headers: PLAIN_HEADERS, path: '/', sessionKeys: sessionKeysOf(bytes) };
}

async function* itemsOfSegment(
  name: string,
  source: AsyncIterable<Uint8Array>,
  report: (line: number, reason: string) => void,
): AsyncGenerator<ReplayItem> {
  let number = 0;
  for await (const line of byteLines(source)) {
    number += 1;
    if (line.length === 0) continue;
    try {
      const { push, result } = decodeJournalLine(line, { bodies: true });
      if (result !== 'duplicate') yield itemOfPush(`${name}:${number}`, push);
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      report(number, error.message);
    }
  }
}

async function* byteLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, end)]);
      parts = [];
      from = end + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

async function* itemsOfValues(
  name: string,
  source: AsyncIterable<Uint8Array>,
  report: (line: number, reason: string) => void,
): AsyncGenerator<ReplayItem> {
  let fees: unknown[] = [];
  let feesLine = 0;
  for await (const piece of splitJson(source)) {
    if (piece.problem !== undefined) {
      report(piece.line, piece.problem);
      continue;
    }
    const body = bodyOf(piece.value);
    if (body === undefined) report(piece.line, 'not a notification');
    else if (isFee(body)) {
      if (fees.length === 0) feesLine = piece.line;
      fees.push(body);
      if (fees.length < MAX_FEES) continue;
    }
    if (fees.length > 0) yield itemOfValue(`${name}:${feesLine}`, { eventType: 'fee', feeLst: fees });
    fees = [];
    if (body !== undefined && !isFee(body)) yield itemOfValue(`${name}:${piece.line}`, body);
  }
  if (fees.length > 0) yield itemOfValue(`${name}:${feesLine}`, { eventType: 'fee', feeLst: fees });
}

/** Most fees of one push. Source: FeeInfo[1-50], privatenumber_02_0006a (read 2026-07). */
const MAX_FEES = 50;

function itemOfValue(label: string, value: unknown): ReplayItem {
  const bytes = Buffer.from(JSON.stringify(value));
  return { label, bytes, headers: PLAIN_HEADERS, path: '/', sessionKeys: sessionKeysOfValue(value) };
}

type Fields = Readonly<Record<string, unknown>>;

/** The push in a value, or a fee on its own; `undefined` when it is neither. */
function bodyOf(value: unknown): Fields | undefined {
  if (isJournalValue(value)) {
    const { body } = value;
    return isPush(body) ? body : undefined;
  }
  return isPush(value) || isFee(value) ? value : undefined;
}

function isPush(value: unknown): value is Fields {
  if (!isFields(value)) return false;
  return typeof value.eventType === 'string' || isFields(value.smsEvent) || Array.isArray(value.feeLst);
}

function isFee(value: unknown): value is Fields {
  return isFields(value) && typeof value.sessionId === 'string' && value.eventType === undefined;
}

/** A line of the journal that was taken out of its segment, by jq say. */
function isJournalValue(value: unknown): value is Fields {
  return isFields(value) && typeof value.v === 'number' && typeof value.seq === 'number';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return Buffer.compare(bytes.subarray(0, start.length), start) === 0;
}
