import { type ConsumerPlace, writePlace } from './consumer-place.js';

/** How often the place is written while it changes. */
const SAVE_MS = 200;

/** Writes the place of a consumer while it changes. */
export class PlaceSaver {
  readonly #file: string;
  readonly #place: ConsumerPlace;
  readonly #now: () => Date;
  #saving: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string, place: ConsumerPlace, now: () => Date) {
    this.#file = file;
    this.#place = place;
    this.#now = now;
  }

  /** The place is written within {@link SAVE_MS} milliseconds. */
  saveSoon(): void {
    this.#timer ??= setTimeout(() => void this.save(), SAVE_MS);
  }

  /**
   * Writes the place as it is when its turn comes. Never rejects: one that cannot be written is written with the next; until then the worst is that pushes
   * come again.
   */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#place.usedAt = this.#now();
    this.#saving = this.#saving.then(() => writePlace(this.#file, this.#place)).catch(() => undefined);
    return this.#saving;
  }
}
