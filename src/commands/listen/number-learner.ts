import { learnNumbers, type Sighting } from '../../numbers/learn-numbers.js';
import type { InventoryEntry } from '../../store/inventory-entry.js';
import type { KeyedLog } from '../../store/keyed-log.js';

/** Options of a {@link NumberLearner}. */
export interface NumberLearnerOptions {
  readonly inventory: KeyedLog<InventoryEntry>;
  readonly now: () => Date;
  /** Numbers are gathered for so long before they are entered. */
  readonly gatherMs: number;
  /** Told why something was not entered; it is not tried again. */
  readonly failed: (error: Error) => void;
}

/** Enters the X numbers of pushes in the inventory, those that come within a moment, or while it is busy, all at once. */
export class NumberLearner {
  readonly #options: NumberLearnerOptions;
  /** What the same number is seen as again tells nothing new: of equals the latest counts. */
  #waiting = new Map<string, Sighting>();
  #working: Promise<void> | undefined;

  constructor(options: NumberLearnerOptions) {
    this.#options = options;
  }

  add(sightings: readonly Sighting[]): void {
    for (const sighting of sightings) {
      const { number, origin, mode, areaCode, status, cause } = sighting;
      const name = `${number} ${origin} ${mode ?? ''} ${areaCode ?? ''} ${status ?? ''} ${cause ?? ''}`;
      const before = this.#waiting.get(name);
      if (before !== undefined && !isLater(sighting, before)) continue;
      // Behind what came in between: the order of states counts.
      if (before !== undefined && status !== undefined) this.#waiting.delete(name);
      this.#waiting.set(name, sighting);
    }
    if (this.#waiting.size > 0) this.#working ??= this.#work();
  }

  /** Resolves when everything that came is entered. */
  async done(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    const { inventory, now, gatherMs, failed } = this.#options;
    while (this.#waiting.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, gatherMs));
      const sightings = this.#waiting.values();
      this.#waiting = new Map();
      try {
        await learnNumbers(inventory, sightings, now());
      } catch (error) {
        failed(error as Error);
      }
    }
    this.#working = undefined;
  }
}

function isLater({ at }: Sighting, before: Sighting): boolean {
  return at === undefined || before.at === undefined || at >= before.at;
}
