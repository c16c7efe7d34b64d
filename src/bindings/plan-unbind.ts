import { AppError } from '../errors.js';
import { ledgerKey } from './ledger-key.js';
import { mergeBinding } from './merge-binding.js';
import type { Binding } from '../domain/binding.js';
import type { BindingMode } from '../domain/mode.js';
import type { Values } from '../platform/declarations/declaration.js';
import type { LedgerEntry } from '../store/ledger-entry.js';
import type { Bookkeeping } from './bookkeeping.js';

/** What to unbind. Values by own name: `id`, or `x` (with `extension` for AXE); for AXYB also `y` or `b`. */
export interface UnbindRequest {
  readonly mode: BindingMode;
  readonly values: Values;
}

/** What an unbind will remove. */
export interface UnbindPlan {
  /** As the platform has them now, with what the ledger knows beside. */
  readonly bindings: readonly Binding[];
  /** Whether the request names no single binding: every pair on an X (AXB), or A's X with all its Y (AXYB). */
  readonly all: boolean;
  /** Values of the request to send; AXYB takes a binding ID only, so X is replaced by the ID found. */
  readonly values: Values;
}

/**
 * Asks the platform what an unbind would remove. Nothing is changed.
 * @throws AppError `flag-missing` when the request names too little; otherwise what the query throws.
 */
export async function planUnbind(
  books: Pick<Bookkeeping, 'platform' | 'ledger'>,
  request: UnbindRequest,
): Promise<UnbindPlan> {
  const { mode, values } = request;
  const { id, x, extension } = values;
  if (id === undefined && x === undefined)
    throw new AppError('flag-missing', { zh: 'unbind 需要 --id 或 -x', en: 'unbind needs --id, or -x' });
  if (mode === 'axe' && id === undefined && extension === undefined) {
    throw new AppError('flag-missing', {
      zh: 'AXE 的 unbind 只解除一个绑定关系：请给出 -x 和 --ext，或 --id',
      en: 'unbind in AXE removes one binding: give --ext with -x, or --id',
    });
  }
  const question: Values = id !== undefined ? { id } : mode === 'axe' ? { x, extension } : { x };
  const found: Binding[] = [];
  for await (const binding of books.platform.query(mode, question)) {
    found.push(mergeBinding((await books.ledger.get(ledgerKey(binding)))?.binding, binding));
  }
  if (mode !== 'axyb') return { bindings: found, all: mode === 'axb' && id === undefined, values };
  const one = values.y !== undefined || values.b !== undefined;
  const chosen = one ? found.filter((binding) => isChosenY(values, binding)) : found;
  const { x: _replaced, ...rest } = values;
  return { bindings: chosen, all: !one, values: { ...rest, id: id ?? chosen[0]?.subscriptionId } };
}

/** Whether a ledger entry is one of those that an unbind with these values removes. */
export function isUnbound(entry: Pick<LedgerEntry, 'mode' | 'binding'>, request: UnbindRequest): boolean {
  const { mode, values } = request;
  const { binding } = entry;
  if (entry.mode !== mode) return false;
  const named =
    values.id !== undefined
      ? binding.subscriptionId === values.id
      : binding.x === values.x && (mode !== 'axe' || binding.extension === values.extension);
  const one = mode === 'axyb' && (values.y !== undefined || values.b !== undefined);
  return named && (!one || isChosenY(values, binding));
}

/** Both sent: Y counts. Source: privatenumber_axyb_0018 (read 2026-07). */
function isChosenY(values: Values, binding: Binding): boolean {
  return values.y !== undefined ? binding.y === values.y : binding.b === values.b;
}
