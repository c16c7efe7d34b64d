import { type TextPair, joinPairs, sameText } from '../domain/text-pair.js';
import { AppError, isAppError } from '../errors.js';
import { collect } from './collect.js';
import { entriesWith } from './entries-with.js';
import { ledgerKey } from './ledger-key.js';
import { notDone } from './not-done.js';
import { mergeBinding } from './merge-binding.js';
import { isUnbound, planUnbind, type UnbindPlan, type UnbindRequest } from './plan-unbind.js';
import { recordChange } from './record-change.js';
import type { Binding } from '../domain/binding.js';
import type { LedgerEntry } from '../store/ledger-entry.js';
import type { Bookkeeping } from './bookkeeping.js';

/** An unbind as a command asks for it. */
export interface UnbindOptions extends UnbindRequest {
  /** The plan that was shown and confirmed. Without it one is made where it is needed: unbinds not by ID alone. */
  readonly plan?: UnbindPlan | undefined;
  /** Counts a binding that does not exist as done. */
  readonly ignoreMissing?: boolean | undefined;
}

/** What an unbind did. */
export interface UnbindResult {
  /** Every binding known to be gone by it, as far as platform or ledger knew them. */
  readonly gone: readonly Binding[];
  /** True when the platform had nothing to remove and that was to be ignored. */
  readonly missing: boolean;
  readonly warnings: readonly TextPair[];
}

/**
 * Unbinds, and marks every binding known to go as `gone` in the ledger before it resolves. A lost answer is resolved by a
 * query. A running call goes on; the next one fails.
 * @throws AppError `binding-not-found` unless ignored; `network-interrupted` (`platform-failure` after a 5xx) when the answer was lost and the bindings still
 * stand; `outcome-unknown` when nobody can tell; `disk-full` or `storage-…` naming the IDs when only the ledger failed.
 */
export async function unbindNumber(books: Bookkeeping, options: UnbindOptions): Promise<UnbindResult> {
  const { mode, values } = options;
  const byIdAlone = values.id !== undefined && mode !== 'axyb';
  const plan = options.plan ?? (byIdAlone ? undefined : await planUnbind(books, options));
  const sent = plan?.values ?? values;
  const request: UnbindRequest = { mode, values: sent };
  if (mode === 'axyb' && sent.id === undefined)
    return missing(
      books,
      options,
      new AppError('binding-not-found', { zh: '该 X 号码上没有绑定关系', en: 'no binding on this X' }),
    );
  try {
    await books.platform.unbind(mode, sent);
    return { gone: await markGone(books, request, { plan, note: undefined }), missing: false, warnings: [] };
  } catch (error) {
    if (isAppError(error, 'binding-not-found')) return missing(books, { ...options, values: sent }, error);
    if (!isAppError(error, 'outcome-unknown')) throw error;
    await resolveLostUnbind(books, request, error);
    return {
      gone: await markGone(books, request, { plan, note: LOST_ANSWER.en }),
      missing: false,
      warnings: [LOST_ANSWER],
    };
  }
}

const LOST_UNBIND: TextPair = {
  zh: '已发送解绑，应答丢失',
  en: 'an unbind was sent and its answer was lost',
};

const LOST_ANSWER: TextPair = {
  zh: '应答丢失；再次查询已找不到该绑定',
  en: 'the answer was lost; a query no longer finds it',
};

async function missing(books: Bookkeeping, options: UnbindOptions, error: AppError): Promise<UnbindResult> {
  if (options.ignoreMissing !== true) throw error;
  const gone = await markGone(books, options, { plan: undefined, note: 'the platform does not have it' });
  return { gone, missing: true, warnings: [] };
}

/** Resolves when the platform has none of them any more. */
async function resolveLostUnbind(books: Bookkeeping, request: UnbindRequest, cause: AppError): Promise<void> {
  let left: readonly Binding[];
  try {
    left = (await planUnbind(books, request)).bindings;
  } catch {
    // What counts is the lost answer; that the question failed too leaves it open.
    await markInDoubt(books, request);
    throw cause;
  }
  if (left.length === 0) return;
  const ids = left.slice(0, 5).map((binding) => binding.subscriptionId);
  const more = left.length - ids.length;
  const words = {
    zh: `解绑的应答丢失；仍绑定：${ids.join('、')}${more > 0 ? `，另有 ${more} 个` : ''}`,
    en: `the answer to the unbind was lost; still bound: ${ids.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  };
  throw notDone(words, cause);
}

/** Nobody knows whether they are gone: the ledger says so. */
async function markInDoubt(books: Bookkeeping, request: UnbindRequest): Promise<void> {
  const meant = (await entriesOf(books, request)).filter((entry) => entry.state === 'active');
  const note = 'the answer to an unbind was lost';
  const entries = meant.map(
    (entry) => ({ ...entry, at: books.now(), action: 'unbind', state: 'in-doubt', note }) as const,
  );
  await recordChange(books, { entries, done: LOST_UNBIND });
}

/** What the ledger holds of the bindings that the request removes; one ID is one key, but in AXYB, where every Y has its own. */
async function entriesOf(books: Bookkeeping, request: UnbindRequest): Promise<readonly LedgerEntry[]> {
  const { mode, values } = request;
  if (typeof values.id !== 'string' || mode === 'axyb') {
    const named = values.id === undefined ? [values.x, mode === 'axe' ? values.extension : undefined] : [values.id];
    return (await collect(entriesWith(books.ledger, named))).filter((entry) => isUnbound(entry, request));
  }
  const entry = await books.ledger.get(ledgerKey({ mode, subscriptionId: values.id }));
  return entry === undefined ? [] : [entry];
}

async function markGone(
  books: Bookkeeping,
  request: UnbindRequest,
  how: { readonly plan: UnbindPlan | undefined; readonly note: string | undefined },
): Promise<Binding[]> {
  const at = books.now();
  const entries = new Map<string, LedgerEntry>();
  const enter = (binding: Binding): void => {
    const known = entries.get(ledgerKey(binding))?.binding;
    const key = ledgerKey(binding);
    entries.set(key, {
      key,
      at,
      mode: binding.mode,
      action: 'unbind',
      state: 'gone',
      binding: mergeBinding(known, binding),
      note: how.note,
    });
  };
  for (const entry of await entriesOf(books, request)) if (entry.state !== 'gone') enter(entry.binding);
  for (const binding of how.plan?.bindings ?? []) enter(binding);
  const id = request.values.id;
  if (entries.size === 0 && typeof id === 'string') enter({ kind: 'Binding', mode: request.mode, subscriptionId: id });
  const gone = [...entries.values()];
  const ids = gone.map((entry) => entry.binding.subscriptionId);
  await recordChange(books, {
    entries: gone,
    done: joinPairs(
      [{ zh: '已解绑', en: 'unbound' }, `${ids.slice(0, 20).join(', ')}${ids.length > 20 ? ' …' : ''}`],
      sameText(' '),
    ),
  });
  return gone.map((entry) => entry.binding);
}
