import { hash } from 'node:crypto';
import type { PushKind } from '../../domain/push-kind.js';
import type { AppendResult, BodyChoice, IncomingPush } from '../journal.js';
import { LineError, type LineParts, openSealedLine, sealLine } from './sealed-line.js';

const KINDS = ['fee', 'event', 'sms', 'number-status', 'unknown'] as const satisfies readonly PushKind[];
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** `,"sha":"` + 64 hex digits + `"`. */
const SHA_FIELD_LENGTH = 73;
const HEADERS_START = Buffer.from(',"headers":{');
const HEADERS_END = Buffer.from('},"');

/** `b` of `body` and `b64`, `t` of `text`. */
const FIRST_OF_BODY_NAMES = Buffer.from('bt');

/** A push made ready for its line before it is known how it stands to the pushes before it. */
export interface PreparedPush {
  readonly push: IncomingPush;
  /** Instant of arrival, RFC 3339 in UTC. */
  readonly at: string;
  /** SHA-256 of the body, lower-case hex. */
  readonly sha: string;
  /** The body as it stands in the field of this name. */
  readonly field: 'body' | 'text' | 'b64';
  readonly value: string | Uint8Array;
}

/** One line read back. */
export interface JournalLine {
  readonly sequence: number;
  readonly push: IncomingPush;
  readonly result: AppendResult;
  /** SHA-256 of the body, lower-case hex. */
  readonly sha: string;
}

/**
 * Chooses how the body stands in its line: verbatim as `body` where it is one JSON value in UTF-8 without a raw line break, so that
 * jq and DuckDB see plain JSON and the bytes can be cut out again; else as a string `text` where it is UTF-8; else base64 as `b64`.
 */
export function preparePush(push: IncomingPush): PreparedPush {
  const { bytes } = push;
  const at = push.at.toISOString();
  const sha = hash('sha256', bytes);
  const oneLine = !bytes.includes(LINE_FEED) && !bytes.includes(CARRIAGE_RETURN);
  if (oneLine && push.isJson === true) return { push, at, sha, field: 'body', value: bytes };
  const text = decodeUtf8(bytes);
  if (text === undefined) return { push, at, sha, field: 'b64', value: `"${Buffer.from(bytes).toString('base64')}"` };
  if (oneLine && isJson(text)) return { push, at, sha, field: 'body', value: bytes };
  return { push, at, sha, field: 'text', value: JSON.stringify(text) };
}

/** @returns `undefined` when the bytes are not UTF-8. A byte-order mark stays part of the text. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The line of a push, with its line feed: `{"v":1,"seq":17,"at":"…","kind":"fee","key":"…","src":"…","path":"…","headers":{…},
 * "body":…,"sha":"…","crc":"…"}`. A conflict carries `"conflict":true` after the key; a duplicate is a short line of kind `dup`
 * that names its own kind in `of` and holds neither headers nor body.
 */
export function encodeJournalLine(prepared: PreparedPush, sequence: number, result: AppendResult): Buffer {
  return sealLine(journalLineParts(prepared, sequence, result));
}

/** The same line, not yet sealed. */
export function journalLineParts(prepared: PreparedPush, sequence: number, result: AppendResult): LineParts {
  const { push, at, sha, field, value } = prepared;
  const kind = result === 'duplicate' ? `"dup","of":"${push.kind}"` : `"${push.kind}"`;
  const key = push.key === undefined ? '' : `,"key":${JSON.stringify(push.key)}`;
  const conflict = result === 'conflict' ? ',"conflict":true' : '';
  const source = `,"src":${JSON.stringify(push.remote)},"path":${JSON.stringify(push.path)}`;
  const head = `{"v":1,"seq":${sequence},"at":"${at}","kind":${kind}${key}${conflict}${source}`;
  if (result === 'duplicate') return [head, `,"sha":"${sha}"`];
  return [`${head},"headers":${JSON.stringify(push.headers)},"${field}":`, value, `,"sha":"${sha}"`];
}

/** What is wanted of a line beside what it says of itself. */
export interface LineOptions {
  /** Whether headers and body are wanted; of others both are empty, and the body is not checked against its SHA-256. */
  readonly bodies: boolean | BodyChoice;
  /** False: headers are empty. */
  readonly headers?: boolean | undefined;
}

const NOTHING = Buffer.alloc(0);

/**
 * Reads a line.
 * @param line without its line feed.
 * @throws {LineError} when the line was cut or changed, or is no line of a journal.
 */
export function decodeJournalLine(line: Buffer, options: LineOptions): JournalLine {
  const open = openSealedLine(line);
  const headersAt = open.indexOf(HEADERS_START);
  const envelope = parseObject(`${open.toString('utf8', 0, headersAt === -1 ? open.length : headersAt)}}`);
  const sha = shaOf(open);
  const duplicate = envelope.kind === 'dup';
  const kind = kindOf(duplicate ? envelope.of : envelope.kind);
  const { bodies } = options;
  let headersEnd: number | undefined;
  const findHeadersEnd = (): number => (headersEnd ??= endOfHeaders(open, headersAt));
  let cut: Buffer | undefined;
  const body = (): Buffer => (cut ??= bodyOf(open, findHeadersEnd() + 2));
  const isWanted = !duplicate && (typeof bodies === 'boolean' ? bodies : bodies(kind, body));
  const found = isWanted ? body() : NOTHING;
  if (isWanted && hash('sha256', found) !== sha) throw new LineError('the checksum of the body does not match');
  return {
    sequence: numberOf(envelope.seq),
    push: {
      at: instantOf(envelope.at),
      kind,
      key: typeof envelope.key === 'string' ? envelope.key : undefined,
      remote: textOf(envelope.src),
      path: textOf(envelope.path),
      headers: isWanted && options.headers !== false ? headersOf(open, headersAt, findHeadersEnd()) : {},
      bytes: found,
    },
    result: duplicate ? 'duplicate' : envelope.conflict === true ? 'conflict' : 'new',
    sha,
  };
}

/**
 * Where the brace that closes the headers stands; -1 when there are none. In the strings before it every quote is escaped, so `},"`
 * with the name of a field behind it is no part of a string; behind the quote that ends a string no letter can stand. For the same reason the headers
 * begin where their name first stands.
 */
function endOfHeaders(open: Buffer, headersAt: number): number {
  if (headersAt === -1) return -1;
  let end = open.indexOf(HEADERS_END, headersAt);
  while (end !== -1 && !FIRST_OF_BODY_NAMES.includes(open[end + HEADERS_END.length] ?? 0))
    end = open.indexOf(HEADERS_END, end + 1);
  return end;
}

function bodyOf(open: Buffer, start: number): Buffer {
  const end = open.length - SHA_FIELD_LENGTH;
  const field = /^"(body|text|b64)":/.exec(open.toString('latin1', start, start + 8))?.[0];
  if (start < 2 || field === undefined) throw new LineError('the line has no body');
  const value = open.subarray(start + field.length, end);
  if (field === '"body":') return value;
  const text: unknown = parseValue(value.toString('utf8'));
  if (typeof text !== 'string') throw new LineError('the body is no text');
  return Buffer.from(text, field === '"b64":' ? 'base64' : 'utf8');
}

function shaOf(open: Buffer): string {
  const sha = /^,"sha":"([0-9a-f]{64})"$/.exec(
    open.toString('latin1', Math.max(0, open.length - SHA_FIELD_LENGTH)),
  )?.[1];
  if (sha === undefined) throw new LineError('the line has no checksum of the body');
  return sha;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LineError('the line is not JSON');
  }
}

function parseObject(text: string): Record<string, unknown> {
  const value = parseValue(text);
  if (typeof value !== 'object' || value === null) throw new LineError('the line is no object');
  return value as Record<string, unknown>;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new LineError('the line has no sequence');
  return value;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function instantOf(value: unknown): Date {
  const at = new Date(textOf(value));
  if (Number.isNaN(at.getTime())) throw new LineError('the line has no instant of arrival');
  return at;
}

/** A later version may know more kinds: what is not known here is `unknown`, never lost. */
function kindOf(value: unknown): PushKind {
  return KINDS.find((kind) => kind === value) ?? 'unknown';
}

function headersOf(open: Buffer, start: number, end: number): Readonly<Record<string, string>> {
  const value = parseObject(open.toString('utf8', start + HEADERS_START.length - 1, end + 1));
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}
