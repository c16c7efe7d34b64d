import type { TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { parseRetryAfter } from '../platform/retry-policy.js';
import type { WireAnswer } from '../platform/transport.js';
import type { FileFacts, Validator } from './part-note.js';
import { TryFailed } from './try-failed.js';

/** From this size on nothing is a recording: a day of A-law is 691 MB, and no WAV header can tell more than 4.3 GB. */
const TOO_LARGE_BYTES = 5_000_000_000;
const LONGEST_RETRY_AFTER_MS = 600_000;
/** A file that changed so shortly before the answer may change again within the same second. */
const SETTLED_MS = 60_000;

/** What is there already: the rest is asked for. */
export interface HeldPart extends FileFacts {
  readonly sizeBytes: number;
}

/** Headers that ask for the rest of `held`, if there is a part that can be completed. */
export function rangeHeaders({ sizeBytes, validator }: HeldPart): Readonly<Record<string, string>> | undefined {
  if (sizeBytes === 0 || validator === undefined) return undefined;
  return { range: `bytes=${sizeBytes}-`, 'if-range': validator.value };
}

/**
 * What an answer is to become.
 * @param held the part whose rest was asked for; `undefined` when the whole was.
 * @returns `whole`: the body is the file from its first byte; `rest`: it begins where the part ends.
 * @throws TryFailed where the body is neither.
 */
export function judgeAnswer(
  answer: WireAnswer,
  held: HeldPart | undefined,
  now: Date,
): { readonly kind: 'whole' | 'rest'; readonly facts: FileFacts; readonly bodyBytes: number | undefined } {
  const { status, headers } = answer;
  if (status !== 200 && !(held !== undefined && (status === 206 || status === 416))) throw refusal(answer, now);
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity') {
    throw damaged({
      zh: `其编码为 ${JSON.stringify(encoding.slice(0, 40))}`,
      en: `it came as ${JSON.stringify(encoding.slice(0, 40))}`,
    });
  }
  const bodyBytes = countOf(headers['content-length']);
  if (status === 200 || held === undefined) {
    refuseTooLarge(bodyBytes);
    return { kind: 'whole', facts: { totalBytes: bodyBytes, validator: validatorOf(answer) }, bodyBytes };
  }
  const totalBytes = status === 206 ? restOf(answer, held, bodyBytes) : undefined;
  if (totalBytes === undefined) {
    const words = {
      zh: `存储不能从第 ${held.sizeBytes} 字节继续（HTTP ${status}）；重新开始`,
      en: `the storage does not go on at byte ${held.sizeBytes} (HTTP ${status}); it begins anew`,
    };
    throw new TryFailed(new AppError('recording-damaged', words), 'at-once');
  }
  refuseTooLarge(totalBytes);
  return { kind: 'rest', facts: { totalBytes, validator: held.validator }, bodyBytes: totalBytes - held.sizeBytes };
}

/** Refuses what has grown too large to be a recording. */
export function refuseTooLarge(bytes: number | undefined): void {
  if (bytes !== undefined && bytes >= TOO_LARGE_BYTES) {
    throw new TryFailed(
      new AppError('recording-damaged', {
        zh: `不是录音：5 GB 或更大（${bytes} 字节）`,
        en: `no recording: 5 GB or more (${bytes} bytes)`,
      }),
      'none',
    );
  }
}

/** Failure of a body that is not what was announced. The next try begins anew. */
export function damaged(why: TextPair): TryFailed {
  const words = { zh: `录音不完整：${why.zh}`, en: `not the whole recording: ${why.en}` };
  return new TryFailed(new AppError('recording-damaged', words), 'anew');
}

/** Failure of a body that ended early; what came of it is right. */
export function brokenOff(came: number, announced: number): TryFailed {
  const words = {
    zh: `录音不完整：${announced} 字节中收到 ${came} 字节`,
    en: `not the whole recording: ${came} of ${announced} bytes came`,
  };
  return new TryFailed(new AppError('recording-damaged', words), 'wait');
}

/** @returns the length of the whole file when the answer is exactly the rest of what is held; else `undefined`. */
function restOf({ headers }: WireAnswer, held: HeldPart, bodyBytes: number | undefined): number | undefined {
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headers['content-range'] ?? '');
  if (range === null) return undefined;
  const [first, last, total] = [Number(range[1]), Number(range[2]), Number(range[3])];
  if (first !== held.sizeBytes || last !== total - 1 || last < first) return undefined;
  if (held.totalBytes !== undefined && held.totalBytes !== total) return undefined;
  if (bodyBytes !== undefined && bodyBytes !== total - first) return undefined;
  const { kind, value } = held.validator ?? {};
  const said = headers[kind === 'etag' ? 'etag' : 'last-modified'];
  return said === undefined || said === value ? total : undefined;
}

/** A strong ETag, else a date that the file has kept for a while (RFC 9110, 8.8.2.2 and 13.1.5). */
function validatorOf({ headers }: WireAnswer): Validator | undefined {
  const { etag, date } = headers;
  if (etag !== undefined && /^"[\x21\x23-\x7e]*"$/.test(etag)) return { kind: 'etag', value: etag };
  const value = headers['last-modified'];
  if (etag !== undefined || value === undefined || date === undefined || /[^\x20-\x7e]/.test(value)) return undefined;
  return Date.parse(date) - Date.parse(value) >= SETTLED_MS ? { kind: 'last-modified', value } : undefined;
}

function refusal({ status, headers }: WireAnswer, now: Date): TryFailed {
  const refused = new AppError('recording-not-found', {
    zh: `存储不提供该录音（HTTP ${status}）`,
    en: `the storage does not hand the recording out (HTTP ${status})`,
  });
  if (status === 404 || status === 410) return new TryFailed(refused, 'none');
  if (status === 401 || status === 403) return new TryFailed(refused, 'fresh-address');
  const failure = new AppError('platform-failure', {
    zh: `存储应答 HTTP ${status}`,
    en: `the storage answered HTTP ${status}`,
  });
  const passing = status === 408 || status === 425 || status === 429 || status >= 500;
  // A date is one of the storage's clock: ours may be hours away from it.
  const theirs = new Date(headers.date ?? NaN);
  const at = Number.isNaN(theirs.getTime()) ? now : theirs;
  const asked = Math.max(0, parseRetryAfter(headers['retry-after'], at) ?? 0);
  return new TryFailed(failure, passing ? 'wait' : 'none', Math.min(asked, LONGEST_RETRY_AFTER_MS));
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
