import type { TextPair } from '../domain/text-pair.js';
import { isAppError } from '../errors.js';
import { completeBinding } from './complete-binding.js';
import { findBlockingBinding, findKnownBinding, updateExisting, type WantedBinding } from './existing-binding.js';
import { ledgerKey } from './ledger-key.js';
import { recordChange } from './record-change.js';
import { settleDoubts } from './settle-doubts.js';
import { type LostBind, resolveLostBind } from './resolve-lost-bind.js';
import type { Binding } from '../domain/binding.js';
import type { LedgerEntry } from '../store/ledger-entry.js';
import type { Bookkeeping } from './bookkeeping.js';

/** What to do when the same numbers are bound already. */
export const IF_EXISTS = ['fail', 'skip', 'update'] as const;
export type IfExists = (typeof IF_EXISTS)[number];

/** One bind. Values by own name; for AXYB with `id` a Y for B. */
export interface BindRequest extends WantedBinding {
  /** `fail` unless given. */
  readonly ifExists?: IfExists | undefined;
}

/** A binding that stands, and how it came about. */
export interface BindResult {
  readonly binding: Binding;
  /** `adopted`: the answer was lost, a query found the binding. `existed`, `updated`: it was there before. */
  readonly outcome: 'bound' | 'adopted' | 'existed' | 'updated';
  readonly warnings: readonly TextPair[];
}

/**
 * Binds, and writes ledger and inventory before it resolves. A lost answer is resolved by a query.
 * @throws AppError of the platform; `network-interrupted` when the answer was lost and nothing was bound; `outcome-unknown`
 * when nobody can tell (the ledger then has a line `in-doubt`); `disk-full` or `storage-…` with the binding ID when the
 * platform bound but the ledger could not be written.
 */
export async function bindNumber(books: Bookkeeping, request: BindRequest): Promise<BindResult> {
  const { values, ifExists = 'fail' } = request;
  if (ifExists !== 'fail' && values.x === undefined) {
    const known = await findKnownBinding(books, request);
    if (known !== undefined) return useExisting(books, request, known);
  }
  const sentAt = books.now();
  try {
    return await bindOnce(books, request, sentAt);
  } catch (error) {
    if (ifExists === 'fail' || !isAppError(error, 'already-bound')) throw error;
    const existing = await findBlockingBinding(books, request);
    if (existing === undefined) throw error;
    return useExisting(books, request, existing);
  }
}

async function bindOnce(books: Bookkeeping, request: BindRequest, sentAt: Date): Promise<BindResult> {
  const { mode, values } = request;
  let answered: Binding;
  try {
    answered = await books.platform.bind(mode, values);
  } catch (error) {
    if (!isAppError(error, 'outcome-unknown')) throw error;
    return finishLostBind(books, request, { sentAt, cause: error });
  }
  return keep(books, request, { binding: answered, outcome: 'bound' });
}

/**
 * Asks what became of a bind whose answer was lost, now or in an earlier process, and enters what is found in the books.
 * @throws AppError as {@link resolveLostBind}; `disk-full` or `storage-…` as {@link bindNumber}.
 */
export async function finishLostBind(
  books: Bookkeeping,
  request: BindRequest,
  lost: Pick<LostBind, 'sentAt' | 'cause'>,
): Promise<BindResult> {
  const { mode, values } = request;
  const binding = await resolveLostBind(books, { mode, values, ...lost });
  return keep(books, request, { binding, outcome: 'adopted' });
}

/** Enters a binding that was found where the bind's own question could not be asked. */
export function adoptBinding(books: Bookkeeping, request: BindRequest, binding: Binding): Promise<BindResult> {
  return keep(books, request, { binding, outcome: 'adopted' });
}

async function keep(
  books: Bookkeeping,
  request: BindRequest,
  made: { readonly binding: Binding; readonly outcome: 'bound' | 'adopted' },
): Promise<BindResult> {
  const now = books.now();
  const binding = await withFirstStep(books, completeBinding(made.binding, request.values, now));
  const adopted = made.outcome === 'adopted';
  const note = adopted ? 'the answer was lost; found by a query' : undefined;
  const entry: LedgerEntry = {
    key: ledgerKey(binding),
    at: now,
    mode: binding.mode,
    action: 'bind',
    state: 'active',
    binding,
    request: request.values,
    note,
  };
  const { subscriptionId: id, x } = binding;
  const done = {
    zh: `已绑定为 ${id}${x === undefined ? '' : `，X 号码末四位为 ${x.slice(-4)}`}`,
    en: `bound as ${id}${x === undefined ? '' : ` on the X ending in ${x.slice(-4)}`}`,
  };
  await recordChange(books, { entries: [entry, ...(await settleDoubts(books, binding))], origin: 'bind', done });
  const warnings = adopted ? [ADOPTED] : [];
  return { binding, outcome: made.outcome, warnings };
}

/** A Y belongs to a binding of A and X: its line names those too, as far as the ledger knows them. */
async function withFirstStep(books: Bookkeeping, binding: Binding): Promise<Binding> {
  if (binding.mode !== 'axyb' || binding.y === undefined) return binding;
  const { subscriptionId, mode } = binding;
  const first = await books.ledger.get(ledgerKey({ mode, subscriptionId }));
  const { a, x, expiresAt } = first?.binding ?? {};
  // Without a life of its own a Y ends with A and X.
  return { ...binding, a: binding.a ?? a, x: binding.x ?? x, expiresAt: binding.expiresAt ?? expiresAt };
}

const ADOPTED: TextPair = {
  zh: '应答丢失；查询发现平台已完成绑定',
  en: 'the answer was lost; a query found that the platform had bound',
};

const NOTHING_TO_UPDATE: TextPair = {
  zh: '已经绑定；该模式下请求中没有可以修改的内容',
  en: 'bound already; nothing in the request can be updated in this mode',
};

async function useExisting(books: Bookkeeping, request: BindRequest, existing: Binding): Promise<BindResult> {
  const updated = request.ifExists === 'update' ? await updateExisting(books, request, existing) : undefined;
  const binding = updated ?? existing;
  const now = books.now();
  const entry: LedgerEntry = {
    key: ledgerKey(binding),
    at: now,
    mode: binding.mode,
    action: updated === undefined ? 'seen' : 'update',
    state: 'active',
    binding,
    note: 'it was bound already',
  };
  const done = `${updated === undefined ? 'found' : 'updated'} the existing binding ${binding.subscriptionId}`;
  await recordChange(books, { entries: [entry], origin: 'query', done });
  const nothing = request.ifExists === 'update' && updated === undefined;
  const warnings = nothing ? [NOTHING_TO_UPDATE] : [];
  return { binding, outcome: updated === undefined ? 'existed' : 'updated', warnings };
}
