import type { TextPair } from '../domain/text-pair.js';
import type { WireAnswer } from '../platform/transport.js';
import { watchPace, type PaceLimits } from './body-pace.js';
import { brokenOff, damaged, refuseTooLarge } from './judge-answer.js';
import type { PartFile } from './part-file.js';
import type { FinishedPart } from './part-options.js';
import { inspectWav } from './wav.js';

/** How a body is taken. */
export interface BodyOptions {
  /** Bytes of this body; `undefined` when the storage named no length. */
  readonly bodyBytes: number | undefined;
  /** Length of the conversation, as the call record says. */
  readonly talkSeconds: number | undefined;
  readonly pace: PaceLimits;
  /** Breaks the request off. */
  readonly stop: (reason: Error) => void;
  readonly signal: AbortSignal;
  /** Awaited with each piece before it is written. */
  readonly throttle?: ((bytes: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** Told after each piece how much of the file is there. */
  readonly received?: ((receivedBytes: number) => void) | undefined;
}

/** A whole WAV under a temporary name, synced. */
export interface SavedBody extends FinishedPart {
  readonly durationSeconds: number;
  readonly notes: readonly TextPair[];
}

/**
 * Streams the body of an answer behind what `part` holds already, checks length and WAV, and syncs it.
 * @throws TryFailed when it is not the whole recording; AppError `network-…` of the body, `disk-full`, `storage-…`. What has
 * come stays in `part`.
 */
export async function saveBody(answer: WireAnswer, part: PartFile, options: BodyOptions): Promise<SavedBody> {
  await receive(answer, part, options);
  const finished = await part.finish();
  const wav = inspectWav(finished.head, finished.sizeBytes, { talkSeconds: options.talkSeconds });
  if (!wav.ok) throw damaged(wav.reason);
  const { headers } = answer;
  const isFramed = options.bodyBytes !== undefined || headers['transfer-encoding'] !== undefined;
  const isSure = isFramed || statesItsSize(finished);
  return {
    ...finished,
    durationSeconds: wav.durationSeconds,
    notes: isSure ? wav.notes : [...wav.notes, NOT_STATED],
  };
}

const NOT_STATED: TextPair = {
  zh: 'suspect：存储和文件都没有给出长度',
  en: 'suspect: neither the storage nor the file states its length',
};

async function receive(answer: WireAnswer, part: PartFile, options: BodyOptions): Promise<void> {
  const { bodyBytes, throttle, received, signal } = options;
  const pace = watchPace(options.pace, options.stop);
  let came = 0;
  try {
    pace.waits();
    for await (const chunk of answer.body) {
      pace.got(chunk.length);
      came += chunk.length;
      if (bodyBytes !== undefined && came > bodyBytes)
        throw damaged({ zh: `超过应有的 ${bodyBytes} 字节`, en: `more than the ${bodyBytes} bytes announced` });
      refuseTooLarge(part.sizeBytes + chunk.length);
      await throttle?.(chunk.length, signal);
      await part.write(chunk);
      received?.(part.sizeBytes);
      pace.waits();
    }
  } finally {
    pace.end();
  }
  if (bodyBytes !== undefined && came < bodyBytes) throw brokenOff(came, bodyBytes);
}

/** Whether the size in the RIFF header is that of the file, give or take the padding byte. */
function statesItsSize({ head, sizeBytes }: FinishedPart): boolean {
  if (head.length < 8) return false;
  const stated = new DataView(head.buffer, head.byteOffset).getUint32(4, true) + 8;
  return Math.abs(stated - sizeBytes) <= 1;
}
