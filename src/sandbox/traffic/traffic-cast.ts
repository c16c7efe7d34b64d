import { drawInteger, drawUuid, type RandomSource } from '../draw.js';
import type { SandboxNumber, SandboxState } from '../state.js';

/** Bindings that a run makes up for each X, where a mode has several. */
const BINDINGS_PER_X = 5;
/** Y numbers that an A of AXYB has made up. */
const RELATIONS_PER_A = 2;
/** One binding in so many is recorded. */
const RECORDED_ONE_IN = 3;

/** Somebody who may call X and be put through. */
export interface Caller {
  readonly from: string;
  /** X or Y. */
  readonly to: string;
  readonly digits?: string | undefined;
  /** A of AX: has to name whom to reach before each call. */
  readonly callee?: { readonly bindingId: string; readonly number: string } | undefined;
  /** Of a binding that the sandbox has; the others are made up. */
  readonly isBound: boolean;
}

/** Who takes part in a run. */
export interface Cast {
  readonly callers: readonly Caller[];
  /** Those of them whose bindings the sandbox has. */
  readonly bound: readonly Caller[];
}

function person(index: number): string {
  return `+86138${String(10_000_000 + index).padStart(8, '0')}`;
}

/** Makes bindings up where X numbers have none, so that there is somebody to call. */
class CastBuilder {
  readonly #state: SandboxState;
  readonly #random: RandomSource;
  readonly #appKey: string;
  readonly #at: number;
  readonly #bound: ReadonlySet<string>;
  #people = 0;

  constructor(state: SandboxState, random: RandomSource, made: { readonly appKey: string; readonly at: number }) {
    this.#state = state;
    this.#random = random;
    this.#appKey = made.appKey;
    this.#at = made.at;
    const { ax, axb, axe, axyb } = state;
    this.#bound = new Set([ax, axb, axe, axyb].flatMap((list) => list.map(({ id }) => id)));
  }

  ax(numbers: readonly SandboxNumber[]): Caller[] {
    for (const { x } of numbers) {
      if (!this.#state.ax.some((binding) => binding.x === x)) this.#state.ax.push({ ...this.#binding(x) });
    }
    return this.#state.ax.flatMap((binding) => {
      const { x: to, a, id: bindingId } = binding;
      const isBound = this.#bound.has(bindingId);
      const others = [this.#person(), this.#person(), this.#person()].map((from) => ({ from, to, isBound }));
      return [...others, { from: a, to, isBound, callee: { bindingId, number: this.#person() } }];
    });
  }

  axb(numbers: readonly SandboxNumber[]): Caller[] {
    for (const { x } of numbers) {
      for (let index = 0; index < BINDINGS_PER_X; index += 1) {
        this.#state.axb.push({ ...this.#binding(x), b: this.#person(), ttl: 0 });
      }
    }
    return this.#state.axb.flatMap(({ x: to, a, b, id }) =>
      [a, b].map((from) => ({ from, to, isBound: this.#bound.has(id) })),
    );
  }

  axe(numbers: readonly SandboxNumber[], digits: number): Caller[] {
    for (const { x } of numbers) {
      const free = (extension: string): boolean =>
        !this.#state.axe.some((binding) => binding.x === x && binding.extension === extension);
      for (let index = 1; index <= BINDINGS_PER_X; index += 1) {
        const extension = String(10 ** (digits - 1) + index);
        if (free(extension)) this.#state.axe.push({ ...this.#binding(x), extension, sent: {} });
      }
    }
    return this.#state.axe.flatMap(({ x: to, a, extension: digits, id }) => {
      const isBound = this.#bound.has(id);
      return [
        { from: this.#person(), to, digits, isBound },
        { from: this.#person(), to, digits, isBound },
        { from: a, to, isBound },
      ];
    });
  }

  axyb(numbers: readonly SandboxNumber[]): Caller[] {
    const isUsed = (number: string): boolean =>
      this.#state.axyb.some(({ x, relations }) => x === number || relations.some(({ y }) => y === number));
    const free = numbers.map(({ x }) => x).filter((x) => !isUsed(x));
    while (free.length > RELATIONS_PER_A) {
      const [x = '', ...ys] = free.splice(0, RELATIONS_PER_A + 1);
      const relations = ys.map((y) => ({ b: this.#person(), y, ybTtl: 0, expiresAt: null }));
      this.#state.axyb.push({ ...this.#binding(x), ttl: 0, ybTtl: 0, relations });
    }
    return this.#state.axyb.flatMap(({ x, a, relations, id }) =>
      relations.flatMap(({ b, y }) => [
        { from: b, to: x, isBound: this.#bound.has(id) },
        { from: a, to: y, isBound: this.#bound.has(id) },
      ]),
    );
  }

  x(numbers: readonly SandboxNumber[]): Caller[] {
    return numbers.flatMap(({ x: to }) =>
      Array.from({ length: BINDINGS_PER_X }, () => ({ from: this.#person(), to, isBound: false })),
    );
  }

  #person(): string {
    this.#people += 1;
    return person(this.#people);
  }

  #binding(x: string) {
    const record = drawInteger(this.#random, 1, RECORDED_ONE_IN) === 1;
    const base = { id: drawUuid(this.#random), appKey: this.#appKey, a: this.#person(), x, record };
    return { ...base, boundAt: this.#at, expiresAt: null };
  }
}

/**
 * Who calls whom in a run: the bindings that the sandbox has, and beside them made-up ones of which only `state` knows. Changes `state`,
 * which must be the run's own.
 * @param random the run's seed: the same seed and the same bindings give the same cast.
 */
export function buildCast(state: SandboxState, random: RandomSource, at: number): Cast {
  const [application] = state.applications;
  if (application === undefined) return { callers: [], bound: [] };
  const { mode, appKey, extensionDigits } = application;
  const numbers = state.numbers.filter((number) => number.mode === mode && number.status === '5');
  const builder = new CastBuilder(state, random, { appKey, at });
  const callers = mode === 'axe' ? builder.axe(numbers, extensionDigits) : builder[mode](numbers);
  return { callers, bound: callers.filter(({ isBound }) => isBound) };
}
