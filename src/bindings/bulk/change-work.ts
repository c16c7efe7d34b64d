import type { TextPair } from '../../domain/text-pair.js';
import { collect } from '../collect.js';
import { isSameBinding } from '../same-binding.js';
import { unbindNumber } from '../unbind-number.js';
import { updateNumber } from '../update-number.js';
import { AppError } from '../../errors.js';
import type { Values } from '../../platform/declarations/declaration.js';
import { textOf, endOf, type RowWork, type RowWorkParts, type Settled } from './row-contract.js';

/**
 * The work of an unbind's rows. Each request names a binding ID that was fixed before it left: an X or extension may belong to somebody else by the
 * time a stopped job is taken up again.
 */
export function unbindWork(parts: RowWorkParts): RowWork {
  const { books, mode, index, ignoreMissing } = parts;
  const request = ({ y, b }: Values, id: string): Values => (mode === 'axyb' ? { id, y, b } : { id });
  return {
    isRepeatable: () => true,
    target: async (values) => {
      if (typeof values.id === 'string') return values.id;
      const { a, b } = values;
      const [known] = a === undefined && b === undefined ? [] : index.matching(values);
      const id =
        known?.binding.subscriptionId ?? (isNamedByX(parts, values) ? await askTarget(parts, values) : undefined);
      if (id === undefined && !ignoreMissing)
        throw new AppError('binding-not-found', { zh: '没有这些号码的绑定关系', en: 'no binding of these numbers' });
      return id;
    },
    send: async (values, again, id) => {
      if (id === undefined) return { state: 'already' };
      const { gone, missing } = await unbindNumber(books, {
        mode,
        values: request(values, id),
        ignoreMissing: ignoreMissing || again,
      });
      const [first] = gone;
      const state = missing && !again ? 'already' : 'done';
      return first === undefined ? { state, id } : { ...endOf(first, state), x: first.x ?? textOf(values.x) };
    },
    settle: async (values, _sentAt, id) => {
      // An ID is never given twice: to remove it once more is to remove it once.
      if (id !== undefined || values.id !== undefined) return { kind: 'send' };
      if (isNamedByX(parts, values)) return isOpenOnX(parts, values);
      // The ledger no longer holds what the row named: an earlier process removed it and was ended before it wrote so here.
      return index.matching(values).length === 0 ? { kind: 'end', end: { state: 'done' } } : { kind: 'send' };
    },
  };
}

/** The work of an update's rows. An update sets the same values however often it is sent; only a time to live starts anew. */
export function updateWork(parts: RowWorkParts): RowWork {
  const { books, mode } = parts;
  return {
    isRepeatable: () => true,
    target: async (values) => {
      if (typeof values.id === 'string') return values.id;
      const id = await askTarget(parts, numbersOf(values));
      if (id === undefined)
        throw new AppError('binding-not-found', { zh: '没有这些号码的绑定关系', en: 'no binding of these numbers' });
      return id;
    },
    send: async (values) => {
      const { binding } = await updateNumber(books, { mode, values });
      return binding === undefined ? { state: 'done', id: textOf(values.id) } : endOf(binding, 'done');
    },
    settle: async (values, _sentAt, id) => {
      if (values.id !== undefined) return { kind: 'send' };
      const now = await askTarget(parts, numbersOf(values));
      if (now !== undefined && now === id) return { kind: 'send' };
      return { kind: 'doubt', why: OTHER_ON_X };
    },
  };
}

const OTHER_ON_X: TextPair = {
  zh: 'X 号码上已是另一个绑定关系，或没有绑定关系，不是本行发送时的那个',
  en: 'X carries another binding than the one that this row was sent for, or none',
};

/** By X (AX), or X and extension (AXE), the platform removes what stands there, whosever it is. */
function isNamedByX({ mode }: RowWorkParts, { x, extension }: Values): boolean {
  return x !== undefined && (mode === 'ax' || (mode === 'axe' && extension !== undefined));
}

/** What an update of X names it by; its `a` is a new one. */
function numbersOf({ x, extension }: Values): Values {
  return { x, extension };
}

/** The binding that stands on X now and is the one that the row's numbers name. */
async function askTarget({ books, mode, turn }: RowWorkParts, values: Values): Promise<string | undefined> {
  await turn();
  const { x, extension } = values;
  const found = await collect(books.platform.query(mode, mode === 'axe' ? { x, extension } : { x }));
  return found.find((one) => isSameBinding(values, { ...one, x: one.x ?? textOf(x) }))?.subscriptionId;
}

/** A job of an earlier version did not note the ID. */
async function isOpenOnX(parts: RowWorkParts, values: Values): Promise<Settled> {
  const id = await askTarget(parts, values);
  if (id === undefined) return { kind: 'end', end: { state: 'done' } };
  const why = {
    zh: `X 号码上是绑定关系 ${id}：无法得知它是本行所指的那个，还是更新的一个`,
    en: `X carries the binding ${id}: nobody knows whether it is the one that this row meant, or a newer one`,
  };
  return { kind: 'doubt', why };
}
