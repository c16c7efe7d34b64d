import { stopsRun } from './stops-run.js';
import type { Platform } from '../platform/platform.js';

type Ask = Platform['recordingAddress'];

/**
 * Lets the first question go alone, and the others once it is answered: a wrong secret or clock is refused once, not by as many
 * requests as there are downloads at once, for ten refusals may block the address. What refused it is what all others get, unsent.
 * Any other failure of the first one lets the others go: it says nothing about them.
 */
export function firstAlone(ask: Ask): Ask {
  let first: Promise<{ readonly refusal?: Error }> | undefined;
  return async (recording) => {
    if (first === undefined) {
      const answer = ask(recording);
      first = answer.then(
        () => ({}),
        (error: unknown) => (stopsRun(error) && error instanceof Error ? { refusal: error } : {}),
      );
      return answer;
    }
    const { refusal } = await first;
    if (refusal !== undefined) throw refusal;
    return ask(recording);
  };
}
