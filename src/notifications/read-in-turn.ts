import { isAppError, isOutOfDescriptors, whyUnreadable } from '../errors.js';
import type { ReadProblem } from './input-problems.js';
import type { NotificationInput } from './notification-input.js';

/**
 * Reads inputs one after another. One that nobody named, for it was found in a folder, is told to `onProblem` where it cannot be opened, and the others
 * are read all the same.
 * @throws whatever reading throws; also for a found one when this process can open nothing more.
 */
export async function* readInTurn<T>(
  inputs: Iterable<NotificationInput> | AsyncIterable<NotificationInput>,
  read: (input: NotificationInput) => AsyncIterable<T>,
  onProblem: ((problem: ReadProblem) => void) | undefined,
): AsyncGenerator<T> {
  for await (const input of inputs) {
    try {
      yield* read(input);
    } catch (error) {
      const isSpared =
        input.isFound === true && isAppError(error, 'input-unreadable') && !isOutOfDescriptors(error.cause);
      if (!isSpared) throw error;
      onProblem?.({ file: input.name, line: 0, reason: whyUnreadable(error.cause) });
    }
  }
}
