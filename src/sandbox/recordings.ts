import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Values } from '../platform/declarations/declaration.js';
import { IN_PROCESS, type SandboxRequest, type SandboxResponse, splitTarget, textResponse } from './exchange.js';
import { textOf } from './modes/mode-request.js';
import { SANDBOX_ENDPOINT, type SandboxApplication, type SandboxRecording, type SandboxState } from './state.js';
import { readTrafficRecording } from './traffic/traffic-recording.js';
import { sliceWav, wavSizeBytes } from './wav.js';

/** Path below which the recordings lie. */
export const STORAGE_PATH = '/storage/';

/** How long a recording can be fetched. Source: pn_faq_spec07 (read 2026-07). */
export const RECORDING_MS = 7 * 86_400_000;

/** How long a download address is valid, by the change note of 2019-02-01; today's figure is not documented. */
const ADDRESS_SECONDS = 3 * 86_400;

function findRecording(state: SandboxState, fileName: string, now: Date): SandboxRecording | undefined {
  const kept = state.recordings.find((recording) => recording.fileName === fileName);
  if (kept !== undefined) return kept;
  const made = readTrafficRecording(
    fileName,
    state.applications.map(({ appKey }) => appKey),
  );
  return made === undefined || made.createdAt + RECORDING_MS <= now.getTime() ? undefined : made;
}

function token(state: SandboxState, fileName: string, expires: string): string {
  return createHmac('sha256', `sandbox-${state.seed}`).update(`${fileName}\n${expires}`).digest('hex').slice(0, 32);
}

/** Where the other side reaches this sandbox. */
function baseAddress(request: SandboxRequest): string {
  const host = request.headers.host;
  if (request.remote === IN_PROCESS || host === undefined || host === new URL(SANDBOX_ENDPOINT).host) {
    return SANDBOX_ENDPOINT;
  }
  return `${request.secure === true ? 'https' : 'http'}://${host}`;
}

/**
 * The download address of a recording of this application; it is valid three days.
 * @returns `undefined` when there is no such recording (any more).
 * Source: privatenumber_02_0007_3 (read 2026-07).
 */
export function recordingLocation(
  context: { state: SandboxState; application: SandboxApplication; request: SandboxRequest; now: Date },
  values: Values,
): string | undefined {
  const { state, application, request, now } = context;
  const found = findRecording(state, textOf(values, 'fileName') ?? '', now);
  if (found?.domain !== textOf(values, 'domain') || found?.appKey !== application.appKey) return undefined;
  const expires = String(Math.floor(now.getTime() / 1000) + ADDRESS_SECONDS);
  const file = encodeURIComponent(found.fileName);
  return `${baseAddress(request)}${STORAGE_PATH}${file}?expires=${expires}&token=${token(state, found.fileName, expires)}`;
}

function xmlError(status: number, code: string, message: string): SandboxResponse {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>\n`;
  return textResponse(status, 'application/xml', xml);
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** First and last byte asked for, `undefined` without a usable range, `none` when the range lies outside. */
function parseRange(header: string | undefined, size: number): { first: number; last: number } | 'none' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') return to === '0' ? 'none' : { first: Math.max(size - Number(to), 0), last: size - 1 };
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return first >= size || last < first ? 'none' : { first, last };
}

// eslint-disable-next-line @typescript-eslint/require-await -- a file of any length leaves piece by piece, as from a network
async function* soundOf(recording: SandboxRecording, from: number, to: number): AsyncGenerator<Uint8Array> {
  yield* sliceWav(recording, from, to);
}

function send(recording: SandboxRecording, request: SandboxRequest): SandboxResponse {
  const size = wavSizeBytes(recording.seconds);
  const digest = createHash('sha256')
    .update(`${recording.fileName} ${recording.seconds} ${recording.seed}`)
    .digest('hex');
  const etag = `"${digest.slice(0, 32)}"`;
  const condition = request.headers['if-range'];
  const range = condition === undefined || condition === etag ? parseRange(request.headers.range, size) : undefined;
  const headers = { 'content-type': 'audio/x-wav', 'accept-ranges': 'bytes', etag };
  if (range === 'none') {
    return {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${size}`, 'content-length': '0' },
      body: new Uint8Array(),
    };
  }
  const { first, last } = range ?? { first: 0, last: size - 1 };
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...headers,
      'content-length': String(last + 1 - first),
      ...(range === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${size}` }),
    },
    body: request.method === 'HEAD' ? new Uint8Array() : soundOf(recording, first, last + 1),
  };
}

/**
 * The storage behind a download address. It refuses a request that carries signature headers (400), so that a client which sends them
 * to a foreign host is found out; an address past its time is 403 in XML, as object storage answers.
 */
export function handleStorage(state: SandboxState, request: SandboxRequest, now: Date): SandboxResponse {
  const { path, query } = splitTarget(request.target);
  const leaked = ['authorization', 'x-aksk', 'x-wsse', 'cookie'].find((name) => request.headers[name] !== undefined);
  if (leaked !== undefined)
    return xmlError(400, 'InvalidRequest', `The header ${leaked} must not be sent to the storage`);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return xmlError(405, 'MethodNotAllowed', 'Only GET and HEAD');
  const fileName = decodeName(path.slice(STORAGE_PATH.length));
  const expires = query.get('expires') ?? '';
  if (!isSame(query.get('token') ?? '', token(state, fileName, expires))) {
    return xmlError(403, 'SignatureDoesNotMatch', 'The token is not one of this address');
  }
  if (Number(expires) * 1000 <= now.getTime()) return expiredAddress();
  const recording = findRecording(state, fileName, now);
  return recording === undefined
    ? xmlError(404, 'NoSuchKey', 'The recording does not exist')
    : send(recording, request);
}

/** The storage's answer to an address past its time. */
export function expiredAddress(): SandboxResponse {
  return xmlError(403, 'AccessDenied', 'Request has expired');
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
