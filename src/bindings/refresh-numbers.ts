import { Told } from '../domain/text-pair.js';
import { ERROR_CATALOGUE, isAppError, type ErrorCode } from '../errors.js';
import type { ExitName } from '../exit-codes.js';
import type { BindingMode } from '../domain/mode.js';
import type { Binding } from '../domain/binding.js';
import type { Bookkeeping } from './bookkeeping.js';
import { BINDING_CHANGES, type BindingChange } from './compare-number.js';
import { refreshNumber } from './refresh-number.js';

/** An X to ask about, in the mode of its application. */
export interface NumberToAsk {
  readonly x: string;
  readonly mode: BindingMode;
}

/** One difference, as it is shown. */
export interface ShownChange extends Pick<Binding, 'subscriptionId' | 'mode' | 'a' | 'b' | 'x' | 'y' | 'extension'> {
  readonly change: BindingChange;
  readonly note?: string | undefined;
}

/** What asking for one X has shown. */
export interface RefreshedNumber {
  readonly kind: 'Refresh';
  readonly x: string;
  readonly mode: BindingMode;
  /** Bindings that the platform has; `undefined` where it could not be asked. */
  readonly bindings?: number | undefined;
  readonly adopted: number;
  readonly updated: number;
  readonly expired: number;
  readonly missing: number;
  readonly settled: number;
  readonly changes: readonly ShownChange[];
  /** Error code of an X that the platform did not answer for; the run went on. */
  readonly code?: ErrorCode | undefined;
  readonly message?: Told | undefined;
}

/** How a run over many X goes. */
export interface RefreshOptions {
  readonly turn: () => Promise<void>;
  readonly dryRun: boolean;
  /** Numbers asked at once, from 1. */
  readonly concurrency: number;
  /** Books for the application of a mode. */
  readonly booksOf: (mode: BindingMode) => Promise<Bookkeeping>;
}

/** Failures that meet every further number too, or do harm when they are repeated. */
const STOPPING: readonly ExitName[] = [
  'auth',
  'lockedOut',
  'account',
  'storage',
  'network',
  'busy',
  'interrupted',
  'terminated',
  'failure',
];

/** Numbers whose answers may wait for that of an earlier one, for each that is asked at once. */
const AHEAD = 4;

/**
 * Asks for several X at once and gives them in their order; each is in the books when it is given, and none is begun after a failure, so a run can stop
 * anywhere.
 * @param keys ledger keys that name each X.
 * @throws AppError for a failure that would meet every number: credentials, block, network, flow control after the client's own waits, storage, a stop.
 */
export async function* refreshNumbers(
  numbers: Iterable<NumberToAsk>,
  keys: ReadonlyMap<string, readonly string[]>,
  options: RefreshOptions,
): AsyncGenerator<RefreshedNumber> {
  const source = numbers[Symbol.iterator]();
  const rows: Promise<RefreshedNumber>[] = [];
  let active = 0;
  let isOver = false;
  const fill = (): void => {
    while (!isOver && active < options.concurrency && rows.length < options.concurrency * AHEAD) {
      const next = source.next();
      if (next.done === true) return;
      active += 1;
      const row = askFor(next.value, keys.get(next.value.x) ?? [], options);
      rows.push(row);
      row.then(
        () => {
          active -= 1;
          fill();
        },
        () => {
          isOver = true;
        },
      );
    }
  };
  fill();
  try {
    for (let row = rows[0]; row !== undefined; row = rows[0]) {
      const refreshed = await row;
      void rows.shift();
      fill();
      yield refreshed;
    }
  } finally {
    isOver = true;
    // What has been asked is written before the books are closed.
    await Promise.allSettled(rows);
  }
}

async function askFor(
  { x, mode }: NumberToAsk,
  keys: readonly string[],
  { turn, dryRun, booksOf }: RefreshOptions,
): Promise<RefreshedNumber> {
  try {
    const books = await booksOf(mode);
    const { found, differences } = await refreshNumber(books, { x, mode, keys, turn, dryRun });
    const changes = differences.map(({ change, entry }) => shown(change, entry.binding, entry.note));
    return { kind: 'Refresh', x, mode, bindings: found, ...counts(changes), changes };
  } catch (error) {
    if (!isAppError(error) || STOPPING.includes(ERROR_CATALOGUE[error.code].exit)) throw error;
    const { code, words } = error;
    return { kind: 'Refresh', x, mode, ...counts([]), changes: [], code, message: new Told(words) };
  }
}

function shown(change: BindingChange, binding: Binding, note: string | undefined): ShownChange {
  const { subscriptionId, mode, a, b, x, y, extension } = binding;
  return { change, subscriptionId, mode, a, b, x, y, extension, note };
}

function counts(changes: readonly ShownChange[]): Readonly<Record<BindingChange, number>> {
  const count = (wanted: BindingChange): number => changes.filter(({ change }) => change === wanted).length;
  return Object.fromEntries(BINDING_CHANGES.map((change) => [change, count(change)])) as Record<BindingChange, number>;
}
