import type { ReadReason } from '../domain/read-reason.js';
import { gunzip } from '../notifications/gunzip.js';
import { InputProblems, type ReadProblem } from '../notifications/input-problems.js';
import type { NotificationInput } from '../notifications/notification-input.js';
import { readInTurn } from '../notifications/read-in-turn.js';
import { garbledLines } from '../notifications/utf8-decoder.js';
import { decodeJournalLine } from '../store/file/journal-line.js';
import { LineError } from '../store/file/sealed-line.js';
import type { ChooseBody } from './choose-body.js';
import { itemOfPush, parseBody } from './items-from-journal.js';
import { findSpans } from './json-spans.js';
import { rawValues } from './raw-values.js';
import { PLAIN_HEADERS, type ReplayItem } from './replay-item.js';
import { sessionKeysOf, sessionKeysOfValue } from './session-keys.js';

/** No push of the platform is larger; a file up to this length may be one body. */
const MAX_BODY_BYTES = 1_048_576;
const JOURNAL_START = Buffer.from('{"v":1,"seq":');
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** How files are read. */
export interface FileItemsOptions {
  /** Told of what cannot be replayed; reading goes on behind it. */
  readonly onProblem: (problem: ReadProblem) => void;
  /** Which bodies are wanted; all unless given. */
  readonly wants?: ChooseBody | undefined;
}

type Report = (line: number, reason: ReadReason) => void;

/** What the readers of a file are told, and tell. */
interface FileReading {
  readonly report: Report;
  readonly wants: ChooseBody;
  /** Told of each line of what is wanted whose bytes are no UTF-8; not of the journal, whose pushes are known to be as they came. */
  readonly onGarbled: (line: number) => void;
}

/**
 * Saved pushes in files, in the order of files and lines, each body byte for byte as it was kept (without a byte-order mark; UTF-16
 * becomes UTF-8). A segment of the journal gives headers too. Fees that stand alone or in a bare list are put into a push of their
 * own, at most 50, each fee with the bytes it has. Gzipped files are unpacked.
 */
export async function* itemsFromFiles(
  inputs: Iterable<NotificationInput> | AsyncIterable<NotificationInput>,
  options: FileItemsOptions,
): AsyncGenerator<ReplayItem> {
  yield* readInTurn(inputs, (input) => itemsOfFile(input, options), options.onProblem);
}

async function* itemsOfFile(input: NotificationInput, options: FileItemsOptions): AsyncGenerator<ReplayItem> {
  const { wants = () => true } = options;
  const problems = new InputProblems(input.name, options.onProblem);
  const report: Report = (line, reason) => {
    problems.add(line, reason);
  };
  const onGarbled = (line: number): void => {
    problems.addGarbled(line);
  };
  const reading = { report, wants, onGarbled };
  const unpacked = gunzip(input.open(), (reason) => {
    problems.endInDamage(reason);
  });
  try {
    const { head, whole, all } = await peek(unpacked);
    const single = whole ? singleBody(input.name, head) : undefined;
    if (startsWith(head, JOURNAL_START)) yield* itemsOfSegment(input.name, all(), { report, wants });
    else if (single === undefined) yield* itemsOfValues(input.name, all(), reading);
    else if (wants(single.value)) {
      garbledLines(single.item.bytes, 1).forEach(onGarbled);
      yield single.item;
    }
    problems.end();
  } finally {
    problems.endGarbled();
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

function singleBody(name: string, file: Buffer): { readonly item: ReplayItem; readonly value: unknown } | undefined {
  const bytes = startsWith(file, BOM) ? file.subarray(BOM.length) : file;
  const value = parseBody(bytes);
  if (!isPush(value) || isJournalValue(value)) return undefined;
  return { item: { label: name, bytes, headers: PLAIN_HEADERS, path: '/', sessionKeys: sessionKeysOf(bytes) }, value };
}

async function* itemsOfSegment(
  name: string,
  source: AsyncIterable<Uint8Array>,
  { report, wants }: Pick<FileReading, 'report' | 'wants'>,
): AsyncGenerator<ReplayItem> {
  let number = 0;
  for await (const line of byteLines(source)) {
    number += 1;
    if (line.length === 0) continue;
    try {
      const { push, result } = decodeJournalLine(line, { bodies: true });
      if (result === 'duplicate') continue;
      const value = parseBody(push.bytes);
      if (wants(value, push.at)) yield itemOfPush(`${name}:${number}`, push, value);
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      report(number, error.reason);
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
  { report, wants, onGarbled }: FileReading,
): AsyncGenerator<ReplayItem> {
  const fees = new LooseFees(name);
  for await (const piece of rawValues(source)) {
    if (piece.problem !== undefined) {
      report(piece.line, piece.problem);
      continue;
    }
    const body = bodyOf(piece.value, piece.bytes);
    if (body === undefined) {
      report(piece.line, 'not a notification');
      continue;
    }
    if (!wants(body.value)) continue;
    const bytes = body.bytes();
    garbledLines(bytes, piece.line).forEach(onGarbled);
    if (isFee(body.value)) {
      fees.add(piece.line, { value: body.value, bytes });
      if (fees.isFull) yield* fees.take();
      continue;
    }
    yield* fees.take();
    yield {
      label: `${name}:${piece.line}`,
      bytes,
      headers: PLAIN_HEADERS,
      path: '/',
      sessionKeys: sessionKeysOfValue(body.value),
    };
  }
  yield* fees.take();
}

/** Most fees of one push. Source: FeeInfo[1-50], privatenumber_02_0006a (read 2026-07). */
const MAX_FEES = 50;

interface Fee {
  readonly value: Fields;
  readonly bytes: Buffer;
}

/** Fees without a push around them, gathered for one. */
class LooseFees {
  readonly #name: string;
  #line = 0;
  #bodies: Fee[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  get isFull(): boolean {
    return this.#bodies.length >= MAX_FEES;
  }

  add(line: number, fee: Fee): void {
    if (this.#bodies.length === 0) this.#line = line;
    this.#bodies.push(fee);
  }

  /** The push of those gathered so far, if there are any. */
  *take(): Generator<ReplayItem> {
    if (this.#bodies.length === 0) return;
    const parts = this.#bodies.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [Buffer.from(','), bytes]));
    yield {
      label: `${this.#name}:${this.#line}`,
      bytes: Buffer.concat([Buffer.from('{"eventType":"fee","feeLst":['), ...parts, Buffer.from(']}')]),
      headers: PLAIN_HEADERS,
      path: '/',
      sessionKeys: sessionKeysOfValue({ feeLst: this.#bodies.map(({ value }) => value) }),
    };
    this.#bodies = [];
  }
}

interface Body {
  readonly value: Fields;
  readonly bytes: () => Buffer;
}

type Fields = Readonly<Record<string, unknown>>;

/** The push in a value, or a fee on its own; `undefined` when it is neither. */
function bodyOf(value: unknown, bytes: () => Buffer): Body | undefined {
  if (isJournalValue(value))
    return isPush(value.body) ? { value: value.body, bytes: () => memberOf(bytes(), 'body') } : undefined;
  return isPush(value) || isFee(value) ? { value, bytes } : undefined;
}

function memberOf(bytes: Buffer, name: string): Buffer {
  const [span] = findSpans(bytes.toString('latin1'), [name]);
  return span === undefined ? bytes : bytes.subarray(span.start, span.end);
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
