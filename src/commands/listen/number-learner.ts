import { learnNumbers, type Sighting } from '../../numbers/learn-numbers.js';
import type { InventoryEntry, KeyedLog } from '../../store/store.js';

/** Enters the X numbers of pushes in the inventory, those that come while it is busy all at once. */
export class NumberLearner {
  readonly #inventory: KeyedLog<InventoryEntry>;
  readonly #now: () => Date;
  readonly #failed: (error: Error) => void;
  /** What the same number is seen as again tells nothing new: of equals the latest counts. */
  #waiting = new Map<string, Sighting>();
  #working: Promise<void> | undefined;

  /** @param failed told why something was not entered; it is not tried again. */
  constructor(inventory: KeyedLog<InventoryEntry>, now: () => Date, failed: (error: Error) => void) {
    this.#inventory = inventory;
    this.#now = now;
    this.#failed = failed;
  }

  add(sightings: readonly Sighting[]): void {
    for (const sighting of sightings) {
      const { number, origin, mode, areaCode, status, cause } = sighting;
      const name = `${number} ${origin} ${mode ?? ''} ${areaCode ?? ''} ${status ?? ''} ${cause ?? ''}`;
      const before = this.#waiting.get(name);
      if (before !== undefined && !isLater(sighting, before)) continue;
      // Behind what came in between: the order of states counts.
      this.#waiting.delete(name);
      this.#waiting.set(name, sighting);
    }
    if (this.#waiting.size > 0) this.#working ??= this.#work();
  }

  /** Resolves when everything that came is entered. */
  async done(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#waiting.size > 0) {
      // One turn of the loop: pushes that are answered together are entered together.
      await new Promise((resolve) => setImmediate(resolve));
      const sightings = this.#waiting.values();
      this.#waiting = new Map();
      try {
        await learnNumbers(this.#inventory, sightings, this.#now());
      } catch (error) {
        this.#failed(error as Error);
      }
    }
    this.#working = undefined;
  }
}

function isLater({ at }: Sighting, before: Sighting): boolean {
  return at === undefined || before.at === undefined || at >= before.at;
}
