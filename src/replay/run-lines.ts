import { crc32 } from 'node:zlib';
import type { LatencyFigures } from './latency-histogram.js';
import type { ReplayItem } from './replay-item.js';
import type { ReplayVerdict } from './replay-verdict.js';

/** The first line of a run: what was asked. */
export interface RunHead {
  readonly v: 1;
  readonly run: string;
  /** RFC 3339, UTC. What arrived later is no part of the run. */
  readonly at: string;
  readonly profile?: string | undefined;
  /** Address without user and password. */
  readonly to: string;
  /** Absolute path that `files` start from. */
  readonly cwd: string;
  readonly files: readonly string[];
  /** Zone in which typed times were read. */
  readonly zone: string;
  /** Flags as typed. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** The run whose failures this one sends. */
  readonly of?: string | undefined;
}

/** The line of one push that was settled. */
export interface RunEntry {
  /** Its place in the run, from 1. */
  readonly n: number;
  readonly ok: boolean;
  /** CRC-32 of the body as it was sent. */
  readonly crc: number;
  /** Only of a failure: all that is needed to send it again. */
  readonly push?: SavedPush | undefined;
}

/** A push in the file of a run. */
export interface SavedPush {
  readonly label: string;
  readonly reason?: string | undefined;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly keys: readonly string[];
  readonly receivedAt?: string | undefined;
  /** Why it was not sent. */
  readonly refused?: string | undefined;
  readonly b64: string;
}

/** The last line: the run came to its end. A run that is gone on with has several; the last one counts. */
export interface RunEnd {
  readonly end: true;
  readonly sent: number;
  readonly failed: number;
  readonly latencyMs: LatencyFigures;
}

/** The line of a push, without its line feed. */
export function entryOf(item: ReplayItem, verdict: ReplayVerdict): RunEntry {
  const head = { n: item.number ?? 0, ok: verdict.ok, crc: crc32(item.bytes) };
  if (verdict.ok) return head;
  const { label, path, headers, sessionKeys: keys, receivedAt, refused, bytes } = item;
  const b64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const saved = {
    label,
    reason: verdict.reason,
    path,
    headers,
    keys,
    receivedAt: receivedAt?.toISOString(),
    refused,
    b64,
  };
  return { ...head, push: saved };
}

/** A saved push as an item. */
export function itemOfSaved({ label, path, headers, keys, receivedAt, refused, b64 }: SavedPush): ReplayItem {
  const bytes = Buffer.from(b64, 'base64');
  const at = receivedAt === undefined ? undefined : new Date(receivedAt);
  return { label, bytes, headers, path, sessionKeys: keys, receivedAt: at, refused };
}
