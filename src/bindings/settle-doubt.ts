import { AppError } from '../errors.js';
import { collect } from './collect.js';
import { completeBinding } from './complete-binding.js';
import { entriesWith, IN_DOUBT } from './entries-with.js';
import { ledgerState } from './ledger-state.js';
import { settleDoubts } from './settle-doubts.js';
import { isSameBinding, questionFor } from './same-binding.js';
import { ledgerKey } from './ledger-key.js';
import { mergeBinding } from './merge-binding.js';
import { recordChange } from './record-change.js';
import { isBindingMode, type BindingMode } from '../domain/mode.js';
import type { Binding } from '../domain/binding.js';
import type { KeyedLog } from '../store/keyed-log.js';
import type { LedgerEntry } from '../store/ledger-entry.js';
import type { Bookkeeping } from './bookkeeping.js';

/** What became of a request whose answer was lost. `open`: nobody knows yet. */
export type DoubtOutcome = 'bound' | 'not-bound' | 'open';

/** An entry in doubt after the platform was asked, or a person has decided. */
export interface SettledDoubt {
  readonly outcome: DoubtOutcome;
  readonly binding: Binding;
  /** For people. */
  readonly note: string;
}

/** A bind that left within this time may reach the platform after the question. */
const ON_ITS_WAY_MS = 10 * 60_000;

/** What names an entry in doubt to people: for a bind the ID of the request (a UUID), else the binding ID. */
export function doubtName(entry: LedgerEntry): string {
  return entry.action === 'bind' ? entry.key.replace(/^in-doubt:/, '') : entry.binding.subscriptionId;
}

/**
 * Entries in doubt whose name is, or begins with, one of `names`; all of them without names.
 * @throws AppError `binding-not-found` for a name that fits none, `flag-invalid` for one that fits several.
 */
export async function findDoubts(
  ledger: Pick<KeyedLog<LedgerEntry>, 'entries' | 'find'>,
  names: readonly string[],
): Promise<readonly LedgerEntry[]> {
  const open = (await collect(entriesWith(ledger, [IN_DOUBT]))).filter(({ state }) => state === IN_DOUBT);
  if (names.length === 0) return open;
  return names.map((name) => {
    const exact = open.filter((entry) => doubtName(entry) === name);
    const fits = exact.length > 0 ? exact : open.filter((entry) => doubtName(entry).startsWith(name));
    const [only, other] = fits;
    if (only === undefined) {
      throw new AppError(
        'binding-not-found',
        { zh: `没有名为 ${name} 的存疑请求`, en: `nothing in doubt has the name ${name}` },
        {
          hint: {
            zh: '查看存疑请求：privacy-call bindings list --state in-doubt',
            en: 'See what is: privacy-call bindings list --state in-doubt',
          },
        },
      );
    }
    if (other !== undefined)
      throw new AppError('flag-invalid', {
        zh: `有 ${fits.length} 个名称以 ${name} 开头`,
        en: `${name} is the beginning of ${fits.length} names`,
      });
    return only;
  });
}

/**
 * Asks the platform what became of a request, and enters the answer in the ledger. Without an answer nothing is changed.
 * @throws AppError of the platform; `disk-full` or `storage-…`.
 */
export async function askDoubt(books: Bookkeeping, entry: LedgerEntry): Promise<SettledDoubt> {
  const mode = modeOf(entry);
  if (entry.action !== 'bind') return askChange(books, entry, mode);
  const request = entry.request ?? {};
  const question = questionFor(mode, request);
  if (question === undefined) {
    const note = 'this mode cannot be asked without X or ID: numbers refresh asks every X, or settle it by hand';
    return { outcome: 'open', binding: entry.binding, note };
  }
  const found = await collect(books.platform.query(mode, question.values));
  const same = found.filter((binding) => isSameBinding(request, binding));
  const unknown: Binding[] = [];
  for (const binding of same) {
    const known = await books.ledger.get(ledgerKey(binding));
    if (known?.state !== 'active' || question.exact) unknown.push(binding);
  }
  const [only, other] = unknown;
  if (only !== undefined && other === undefined) return adopt(books, entry, only);
  if (other !== undefined) {
    const note = `${unknown.length} bindings fit: choose one with --bound ID`;
    return { outcome: 'open', binding: entry.binding, note };
  }
  if (books.now().getTime() - entry.at.getTime() < ON_ITS_WAY_MS) {
    const note = 'the platform does not show it, but the request left less than ten minutes ago';
    return { outcome: 'open', binding: entry.binding, note };
  }
  return close(books, entry, 'the platform has no such binding');
}

/** An unbind or update names an ID: the platform has the binding or not. */
async function askChange(books: Bookkeeping, entry: LedgerEntry, mode: BindingMode): Promise<SettledDoubt> {
  const found = await collect(books.platform.query(mode, { id: entry.binding.subscriptionId }));
  const there = found.find((binding) => ledgerKey(binding) === entry.key);
  if (there === undefined) return close(books, entry, 'the platform no longer has it');
  const binding = mergeBinding(entry.binding, there);
  const note = 'settled: the platform still has it';
  const line: LedgerEntry = { ...entry, at: books.now(), action: 'seen', state: 'active', binding, note };
  await recordChange(books, {
    entries: [line],
    done: { zh: `已查到 ${binding.subscriptionId}`, en: `found ${binding.subscriptionId}` },
  });
  return { outcome: 'bound', binding, note };
}

/**
 * Settles a bind as the binding `id`, after the platform has confirmed that it is one of the same numbers.
 * @throws AppError `binding-not-found`, or `flag-invalid` when it is of other numbers or the entry is no bind; of the platform; `storage-…`.
 */
export async function settleAsBound(books: Bookkeeping, entry: LedgerEntry, id: string): Promise<SettledDoubt> {
  if (entry.action !== 'bind')
    throw new AppError('flag-invalid', {
      zh: '--bound 只用于存疑的绑定；请不带它查询',
      en: '--bound is for a bind in doubt; ask without it',
    });
  const found = await collect(books.platform.query(modeOf(entry), { id }));
  if (found.length === 0) {
    throw new AppError(
      'binding-not-found',
      { zh: `平台上没有绑定关系 ${id}`, en: `the platform has no binding ${id}` },
      {
        hint: {
          zh: '可能已到期；如是，请用 --not-bound 了结该请求。',
          en: 'It may have expired; then close the request with --not-bound.',
        },
      },
    );
  }
  const { x, id: first, ...rest } = entry.request ?? {};
  // AXB tells X only where it was asked by X.
  const same = found.find((one) => isSameBinding({ ...rest, id: first, x: one.x === undefined ? undefined : x }, one));
  if (same === undefined)
    throw new AppError('flag-invalid', {
      zh: `--bound ${id}：它是其他号码的绑定关系`,
      en: `--bound ${id}: it is a binding of other numbers`,
    });
  return adopt(books, entry, same);
}

/** Closes a request that a person knows not to stand. @throws AppError `disk-full` or `storage-…`. */
export function settleAsNotBound(
  books: Pick<Bookkeeping, 'ledger' | 'inventory' | 'now'>,
  entry: LedgerEntry,
): Promise<SettledDoubt> {
  return close(books, entry, 'closed by hand', true);
}

async function adopt(books: Bookkeeping, entry: LedgerEntry, found: Binding): Promise<SettledDoubt> {
  const now = books.now();
  const key = ledgerKey(found);
  const known = await books.ledger.get(key);
  const request = entry.request ?? {};
  // The request left when the doubt was written: its time to live counts from there.
  const binding =
    known !== undefined && ledgerState(known, now) === 'active'
      ? mergeBinding(known.binding, found)
      : completeBinding(found, request, entry.at);
  const note = `settled: bound as ${binding.subscriptionId}`;
  const line: LedgerEntry = {
    key,
    at: now,
    mode: binding.mode,
    action: 'bind',
    state: 'active',
    binding,
    request,
    note: 'the answer was lost; found by a query',
  };
  const doubts = (await settleDoubts(books, binding)).filter((doubt) => doubt.key !== entry.key);
  const entries = [line, ...doubts, { ...entry, at: now, state: 'gone', note } as const];
  await recordChange(books, { entries, origin: 'query', done: note });
  return { outcome: 'bound', binding, note };
}

async function close(
  books: Pick<Bookkeeping, 'ledger' | 'inventory' | 'now'>,
  entry: LedgerEntry,
  why: string,
  byHand = false,
): Promise<SettledDoubt> {
  const note = `settled: ${why}`;
  const line: LedgerEntry = { ...entry, at: books.now(), state: 'gone', note };
  await books.ledger.append([byHand ? { ...line, closedByHand: true } : line]);
  return { outcome: 'not-bound', binding: entry.binding, note };
}

function modeOf({ mode }: LedgerEntry): BindingMode {
  if (isBindingMode(mode)) return mode;
  throw new AppError('flag-invalid', { zh: `${mode} 模式没有绑定关系`, en: `there are no bindings in mode ${mode}` });
}
