/** One push in line. */
export interface Turn {
  /** Resolves when everything before it of its sessions has ended and a slot is free; the slot is then its own. */
  slot(): Promise<void>;
  /** Gives the slot back, to take one again later; its sessions go on waiting for it. */
  pause(): void;
  /** Gives the slot back, and its sessions go on. */
  end(): void;
  /** The same without a slot: it gives up while it pauses. */
  leave(): void;
}

interface Place extends Turn {
  readonly sequence: number;
  /** How many before it have not ended. */
  blockers: number;
  readonly behind: Place[];
  /** Set while it waits for a slot. */
  start: (() => void) | undefined;
}

/**
 * Lets so many pushes run at once, those of one session one after another. Of those that may start the one that came first does: with a
 * single slot, and nothing sent twice, all of them keep their order.
 */
export class Turns {
  #free: number;
  #entered = 0;
  /** Places that wait for nothing but a slot, in their order. */
  readonly #ready: Place[] = [];
  /** The last of each session that has not ended. */
  readonly #last = new Map<string, Place>();

  constructor(slots: number) {
    this.#free = Math.max(1, slots);
  }

  /** Takes a place in line, behind all that share one of `keys`. */
  enter(keys: readonly string[]): Turn {
    this.#entered += 1;
    const place: Place = {
      sequence: this.#entered,
      blockers: 0,
      behind: [],
      start: undefined,
      slot: () => this.#slot(place),
      pause: () => {
        this.#free += 1;
        this.#startNext();
      },
      end: () => {
        this.#free += 1;
        this.#leave(place, keys);
      },
      leave: () => {
        this.#leave(place, keys);
      },
    };
    for (const key of keys) {
      const before = this.#last.get(key);
      this.#last.set(key, place);
      if (before === undefined || before === place) continue;
      before.behind.push(place);
      place.blockers += 1;
    }
    return place;
  }

  #slot(place: Place): Promise<void> {
    return new Promise((resolve) => {
      place.start = resolve;
      if (place.blockers === 0) this.#line(place);
      this.#startNext();
    });
  }

  #leave(place: Place, keys: readonly string[]): void {
    for (const key of keys) if (this.#last.get(key) === place) this.#last.delete(key);
    for (const next of place.behind) {
      next.blockers -= 1;
      if (next.blockers === 0 && next.start !== undefined) this.#line(next);
    }
    this.#startNext();
  }

  #line(place: Place): void {
    let at = this.#ready.length;
    while (at > 0 && (this.#ready[at - 1]?.sequence ?? 0) > place.sequence) at -= 1;
    this.#ready.splice(at, 0, place);
  }

  #startNext(): void {
    while (this.#free > 0) {
      const next = this.#ready.shift();
      if (next === undefined) return;
      this.#free -= 1;
      const { start } = next;
      next.start = undefined;
      start?.();
    }
  }
}
