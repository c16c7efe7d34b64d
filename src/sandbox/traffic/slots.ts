/** Lets a bounded number of works run at once. */
export class Slots {
  #free: number;
  /** Works that run or wait for a place. */
  #open = 0;
  readonly #waiting: (() => void)[] = [];
  #idle: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Starts `work` once there is a place. Resolves when it has started; `work` must not reject. */
  async start(work: () => Promise<void>): Promise<void> {
    this.#open += 1;
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    void work().finally(() => {
      this.#end();
    });
  }

  /** Whether something runs or waits. */
  get busy(): boolean {
    return this.#open > 0;
  }

  /** Waits until nothing runs and nothing waits. */
  async idle(): Promise<void> {
    if (this.#open > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #end(): void {
    this.#open -= 1;
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
    if (this.#open > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle = [];
  }
}
