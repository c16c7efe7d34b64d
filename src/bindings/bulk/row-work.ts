import { isAppError } from '../../errors.js';
import { adoptBinding, bindNumber, finishLostBind, type BindRequest, type IfExists } from '../bind-number.js';
import { collect } from '../collect.js';
import { findBlockingBinding } from '../existing-binding.js';
import { ledgerKey } from '../ledger-key.js';
import { ledgerState } from '../ledger-state.js';
import { isSameBinding, questionFor } from '../same-binding.js';
import { unbindNumber } from '../unbind-number.js';
import { updateNumber } from '../update-number.js';
import type { Binding } from '../../domain/binding.js';
import type { BindingMode } from '../../domain/mode.js';
import type { Values } from '../../platform/declarations/declaration.js';
import type { RowLine } from '../../store/store.js';
import type { Bookkeeping } from '../bookkeeping.js';
import type { LedgerIndex } from './ledger-index.js';
import { rowDeclaration, type BulkOperation } from './operations.js';

/** How a row ended, as far as its line tells it. */
export type RowEnd = Pick<RowLine, 'state' | 'id' | 'x' | 'y' | 'extension' | 'message'>;

/** What is known of a row whose request left and whose outcome was not written. `send`: it certainly was not done, or doing it again changes nothing. */
export type Settled =
  | { readonly kind: 'end'; readonly end: RowEnd }
  | { readonly kind: 'send' }
  | { readonly kind: 'doubt'; readonly why: string };

/** The work of one job's rows. */
export interface RowWork {
  /** @param again whether a request of this row has left before. @throws AppError as the single commands do. */
  send(values: Values, again: boolean): Promise<RowEnd>;
  /** Asks what became of a request. @param sentAt when it left. */
  settle(values: Values, sentAt: Date): Promise<Settled>;
  /** Whether the platform itself refuses to do the row a second time, or doing it twice is the same as once. */
  isRepeatable(values: Values): boolean;
}

/** What {@link buildRowWork} needs. */
export interface RowWorkParts {
  readonly books: Bookkeeping;
  /** The ledger as it was when the run began. */
  readonly index: LedgerIndex;
  readonly operation: BulkOperation;
  readonly mode: BindingMode;
  readonly ifExists: IfExists;
  readonly ignoreMissing: boolean;
  /** Resolves when a further question may be asked. */
  readonly turn: () => Promise<void>;
}

/** A request that is younger may still be on its way to the platform: that a query does not find it says nothing yet. */
const ON_ITS_WAY_MS = 60_000;
/** X numbers asked for one pair that was bound without naming X. */
const MOST_NUMBERS = 200;

/** The work of the rows of one job. */
export function buildRowWork(parts: RowWorkParts): RowWork {
  if (parts.operation === 'bind') return bindWork(parts);
  return parts.operation === 'unbind' ? unbindWork(parts) : updateWork(parts);
}

function bindWork(parts: RowWorkParts): RowWork {
  const { books, mode, ifExists } = parts;
  // Without X a single bind looks through the whole ledger first; the plan has done so for every row at once.
  const requestOf = (values: Values): BindRequest => ({
    mode,
    values,
    ifExists: values.x === undefined && ifExists === 'skip' ? 'fail' : ifExists,
  });
  const isRepeatable = (values: Values): boolean => questionFor(mode, values)?.exact === true;
  return {
    isRepeatable,
    send: async (values) => {
      const { binding, outcome } = await bindNumber(books, requestOf(values));
      return endOf(binding, outcome === 'existed' ? 'already' : 'done');
    },
    settle: async (values, sentAt) => {
      const own = parts.index.matching(values).find((entry) => entry.at.getTime() >= sentAt.getTime());
      if (own !== undefined) return { kind: 'end', end: endOf(own.binding, 'done') };
      const closed = parts.index.closed(values);
      if (closed !== undefined && closed.at.getTime() >= sentAt.getTime()) return { kind: 'send' };
      try {
        const { binding } = await finishLostBind(books, requestOf(values), { sentAt, cause: undefined });
        return { kind: 'end', end: endOf(binding, 'done') };
      } catch (error) {
        if (isAppError(error, 'already-bound')) {
          const binding = await findBlockingBinding(books, { mode, values });
          return { kind: 'end', end: binding === undefined ? { state: 'already' } : endOf(binding, 'already') };
        }
        if (isAppError(error, 'network-interrupted')) return absent(values, sentAt);
        if (!isAppError(error, 'outcome-unknown')) throw error;
        if (mode === 'axb' && values.x === undefined) return searchNumbers(parts, values);
        return { kind: 'doubt', why: error.message };
      }
    },
  };

  function absent(values: Values, sentAt: Date): Settled {
    const age = books.now().getTime() - sentAt.getTime();
    if (isRepeatable(values) || age >= ON_ITS_WAY_MS) return { kind: 'send' };
    const why = 'the platform does not show it yet, and the request left less than a minute ago: look again later';
    return { kind: 'doubt', why };
  }
}

/** AXB without X: the platform can be asked on each X only, so each one that the inventory knows is asked for the pair. */
async function searchNumbers(parts: RowWorkParts, values: Values): Promise<Settled> {
  const { books, mode } = parts;
  const strict = values.area !== undefined && values.areaMatch !== 'any';
  const numbers = (await collect(books.inventory.entries())).filter(
    (entry) =>
      entry.forgotten !== true &&
      (entry.mode ?? mode) === mode &&
      (!strict || entry.areaCode === undefined || entry.areaCode === values.area),
  );
  for (const { key: x } of numbers.slice(0, MOST_NUMBERS)) {
    await parts.turn();
    const found = await collect(books.platform.query(mode, { x, a: values.a, b: values.b }));
    const binding = found.find((one) => isSameBinding(values, one));
    if (binding === undefined) continue;
    const known = await books.ledger.get(ledgerKey(binding));
    if (known !== undefined && ledgerState(known, books.now()) === 'active')
      return { kind: 'end', end: endOf(known.binding, 'already') };
    const adopted = await adoptBinding(books, { mode, values }, binding);
    return { kind: 'end', end: endOf(adopted.binding, 'done') };
  }
  const asked = Math.min(numbers.length, MOST_NUMBERS);
  const why = `AXB cannot be asked for a pair without X; none of the ${asked} X numbers of the inventory that were asked has it, another may`;
  return { kind: 'doubt', why };
}

function unbindWork(parts: RowWorkParts): RowWork {
  const { books, mode, index, ignoreMissing } = parts;
  const requestOf = (values: Values): Values | undefined => {
    const sent = pick(
      values,
      rowDeclaration('unbind', mode, false).parameters.map(({ name }) => name),
    );
    const named = mode === 'ax' ? sent.x !== undefined : mode === 'axe' && sent.extension !== undefined;
    if (sent.id !== undefined || named) return sent;
    const [entry] = index.matching(values);
    return entry === undefined
      ? undefined
      : { id: entry.binding.subscriptionId, ...pick(values, mode === 'axyb' ? ['y', 'b'] : []) };
  };
  return {
    isRepeatable: () => true,
    send: async (values, again) => {
      const request = requestOf(values) ?? values;
      const { gone, missing } = await unbindNumber(books, {
        mode,
        values: request,
        ignoreMissing: ignoreMissing || again,
      });
      const [first] = gone;
      const state = missing && !again ? 'already' : 'done';
      return first === undefined ? { state, id: textOf(request.id) } : endOf(first, state);
    },
    settle: (values) =>
      Promise.resolve(
        // The ledger no longer holds what the row named: an earlier process removed it and was ended before it wrote so here.
        requestOf(values) === undefined ? { kind: 'end', end: { state: 'done' } } : { kind: 'send' },
      ),
  };
}

/** An update sets the same values however often it is sent; only a time to live starts anew. */
function updateWork({ books, mode }: RowWorkParts): RowWork {
  return {
    isRepeatable: () => true,
    send: async (values) => {
      const { binding } = await updateNumber(books, { mode, values });
      return binding === undefined ? { state: 'done', id: textOf(values.id) } : endOf(binding, 'done');
    },
    settle: () => Promise.resolve({ kind: 'send' }),
  };
}

function endOf({ subscriptionId: id, x, y, extension }: Binding, state: RowEnd['state']): RowEnd {
  return { state, id, x, y, extension };
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

function textOf(value: Values[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
