import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../errors.js';
import type { SandboxResponse } from './exchange.js';

/** How a body is held back. */
export interface BodyHold {
  /** `stall`: the first half comes, then nothing for `ms`, then the connection breaks. `drip`: one byte every `ms`. */
  readonly kind: 'stall' | 'drip';
  readonly ms: number;
  /** Length of the body as its head says it. */
  readonly sizeBytes: number;
  /** Ends the wait; whoever asked has gone. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The body as a storage hands it out that does not go on, or hardly.
 * @throws AppError `network-interrupted` where a stall ends; the signal's `AbortError`.
 */
export async function* paceBody(body: SandboxResponse['body'], hold: BodyHold): AsyncGenerator<Uint8Array> {
  const { kind, ms, sizeBytes, signal } = hold;
  const wait = (): Promise<void> => delay(ms, undefined, signal === undefined ? {} : { signal });
  let left = kind === 'stall' ? Math.max(1, Math.floor(sizeBytes / 2)) : Infinity;
  for await (const piece of body instanceof Uint8Array ? [body] : body) {
    if (kind === 'drip') {
      for (let at = 0; at < piece.length; at += 1) {
        yield piece.subarray(at, at + 1);
        await wait();
      }
      continue;
    }
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) break;
  }
  if (kind === 'drip') return;
  await wait();
  throw new AppError('network-interrupted', {
    zh: '沙箱按设置在应答中途不再发送',
    en: 'the sandbox sent nothing more in the middle of the answer, as told',
  });
}
