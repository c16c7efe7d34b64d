import { setMaxListeners } from 'node:events';

/** What each of several signals gives up: one listener a signal, not one a thing. */
export class AbortGroups<T> {
  readonly #bySignal = new WeakMap<AbortSignal, Set<T>>();
  readonly #giveUp: (one: T) => void;
  readonly #until: AbortSignal;

  /**
   * @param giveUp called for each member of the group whose signal aborts.
   * @param until takes the listeners away.
   */
  constructor(giveUp: (one: T) => void, until: AbortSignal) {
    this.#giveUp = giveUp;
    this.#until = until;
  }

  /** @returns the group of `signal`, to be added to and taken from. */
  of(signal: AbortSignal): Set<T> {
    const known = this.#bySignal.get(signal);
    if (known !== undefined) return known;
    const group = new Set<T>();
    this.#bySignal.set(signal, group);
    // Several targets may be sent to until the same signal; that is no leak.
    setMaxListeners(0, signal);
    signal.addEventListener(
      'abort',
      () => {
        for (const one of [...group]) this.#giveUp(one);
      },
      { once: true, signal: this.#until },
    );
    return group;
  }
}
