import type { TextPair } from '../domain/text-pair.js';
import { AppError, isAppError } from '../errors.js';

/**
 * The failure of a change that hid its outcome and that the platform, asked for it, has not done: its own fault where it answered with one, else the
 * broken connection. The hint says that it may be sent again.
 * @param lost the `outcome-unknown` of the change; `undefined` when an earlier process met it.
 */
export function notDone(words: TextPair, lost: unknown): AppError {
  const isTheirs = isAppError(lost) && isAppError(lost.cause, 'platform-failure');
  return new AppError(isTheirs ? 'platform-failure' : 'network-interrupted', words, {
    hint: { zh: '可以重新发送。', en: 'It may be sent again.' },
    platform: isAppError(lost) ? lost.platform : undefined,
    cause: lost,
  });
}
