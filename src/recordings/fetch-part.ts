import { AppError } from '../errors.js';
import type { Platform } from '../platform/platform.js';
import type { Transport } from '../platform/transport.js';
import { PACE_LIMITS, type PaceLimits } from './body-pace.js';
import { damaged, judgeAnswer, rangeHeaders } from './judge-answer.js';
import { isLocalHost } from './local-address.js';
import { discard, openAddress } from './open-address.js';
import type { PartFile } from './part-file.js';
import type { RecordingItem } from './plan-recordings.js';
import { saveBody, type SavedBody } from './save-body.js';
import { TryFailed } from './try-failed.js';

/** What one try needs. */
export interface FetchParts {
  readonly platform: Pick<Platform, 'application' | 'recordingAddress'>;
  readonly transport: Transport;
  readonly now: () => Date;
}

/** How one recording is fetched. */
export interface FetchOptions {
  /** Longest wait for the head of an answer and for each part of the body. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Slowest pace of a body; `PACE_LIMITS` unless given. */
  readonly pace?: PaceLimits | undefined;
  /** Told of each piece; `receivedBytes` counts what earlier tries have left, and starts anew where they are of no use. */
  readonly progress?:
    | ((step: {
        readonly key: string;
        readonly receivedBytes: number;
        readonly totalBytes?: number | undefined;
      }) => void)
    | undefined;
  /** Awaited with each piece before it is written. */
  readonly throttle?: ((bytes: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** Shared by all downloads: `ready` is awaited before each request, `hold` is told what a busy storage asks to wait. */
  readonly pause?: { ready(signal: AbortSignal): Promise<void>; hold(milliseconds: number): void } | undefined;
}

/** Flow control of the platform is counted by the minute (privatenumber_04_0009_1, read 2026-07). */
const FLOW_CONTROL_MS = 60_000;

/**
 * One try: a fresh address, then the file, or the rest of what `part` holds.
 * @returns the whole recording, checked and synced, under the name of the part.
 * @throws TryFailed and AppError; see `tryFailureOf`. Of an address nothing is told but its host.
 */
export async function fetchPart(
  parts: FetchParts,
  part: PartFile,
  job: { readonly item: RecordingItem; readonly options: FetchOptions },
): Promise<SavedBody> {
  const { item, options } = job;
  const request = new AbortController();
  const stop = (reason: unknown): void => {
    request.abort(reason);
  };
  const stopped = (): void => {
    stop(options.signal.reason);
  };
  options.signal.addEventListener('abort', stopped, { once: true });
  try {
    await options.pause?.ready(options.signal);
    const address = await addressOf(parts, item, options);
    await options.pause?.ready(options.signal);
    const held = { ...part.facts, sizeBytes: part.sizeBytes };
    const headers = rangeHeaders(held);
    const answer = await openAddress(parts.transport, {
      address,
      allowLocal: isLocalHost(new URL(parts.platform.application.endpoint).hostname),
      headers,
      timeoutMs: options.timeoutMs,
      signal: request.signal,
    });
    try {
      const { kind, facts, bodyBytes } = judgeAnswer(answer, headers === undefined ? undefined : held, parts.now());
      if (kind === 'whole') await part.restart(facts);
      const { throttle, progress } = options;
      const saved = await saveBody(answer, part, {
        bodyBytes,
        talkSeconds: item.record.talkSeconds,
        pace: options.pace ?? PACE_LIMITS,
        stop,
        signal: options.signal,
        throttle,
        received:
          progress &&
          ((receivedBytes) => {
            progress({ key: item.key, receivedBytes, totalBytes: facts.totalBytes });
          }),
      });
      // Parts are put together by what servers say: the whole must be as long as they said.
      if (facts.totalBytes !== undefined && saved.sizeBytes !== facts.totalBytes) {
        throw damaged({
          zh: `收到 ${saved.sizeBytes} 字节，应有 ${facts.totalBytes} 字节`,
          en: `${saved.sizeBytes} bytes, ${facts.totalBytes} announced`,
        });
      }
      return saved;
    } catch (error) {
      await discard(answer);
      throw error;
    }
  } finally {
    options.signal.removeEventListener('abort', stopped);
  }
}

async function addressOf(parts: FetchParts, item: RecordingItem, options: FetchOptions): Promise<string> {
  const { fileName, domain, url } = item.record.recording ?? {};
  if (fileName && domain) {
    // The client of the platform retries by itself; a second round here would only add to a flow control.
    return parts.platform.recordingAddress({ fileName, domain }).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'flow-control') options.pause?.hold(FLOW_CONTROL_MS);
      throw new TryFailed(error, 'none');
    });
  }
  if (url) return url;
  throw new TryFailed(
    new AppError('recording-not-found', {
      zh: '话单中没有录音文件名，也没有下载地址',
      en: 'the call record names no file and no address',
    }),
    'none',
  );
}
