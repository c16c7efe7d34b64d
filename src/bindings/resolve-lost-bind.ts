import type { TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { maskPhoneNumber } from '../domain/phone-number.js';
import { parsePlatformTime } from '../domain/instant.js';
import { collect } from './collect.js';
import { intendedBinding } from './complete-binding.js';
import { buildDoubtKey, ledgerKey } from './ledger-key.js';
import { ledgerState } from './ledger-state.js';
import { isSameBinding, questionFor } from './same-binding.js';
import { notDone } from './not-done.js';
import { openDoubts } from './settle-doubts.js';
import type { Binding } from '../domain/binding.js';
import type { BindingMode } from '../domain/mode.js';
import type { Values } from '../platform/declarations/declaration.js';
import type { Bookkeeping } from './bookkeeping.js';

/** A bind whose answer did not arrive. */
export interface LostBind {
  readonly mode: BindingMode;
  readonly values: Values;
  /** When the request left. */
  readonly sentAt: Date;
  /** The failure that hid the answer. */
  readonly cause: unknown;
}

/** Longest difference between our clock and the platform's time of binding for a binding to count as just made. */
const NEAR_MS = 10 * 60_000;
/** The zone of `subscribeTime` is not documented; UTC and Beijing time are what the platform uses elsewhere. */
const ZONE_SHIFTS_MS = [0, 8 * 3_600_000] as const;

/**
 * Asks the platform what became of a bind whose answer was lost.
 * @returns the binding, when the platform has it.
 * @throws AppError `network-interrupted` (`platform-failure` after a fault of its own) when the platform certainly does not have it: it may be sent again;
 * `already-bound` when the same numbers were bound before the request; `outcome-unknown` when that cannot be told; then the ledger holds a line `in-doubt` with the request.
 */
export async function resolveLostBind(books: Bookkeeping, lost: LostBind): Promise<Binding> {
  const answer = await ask(books, lost);
  const numbers = describe(lost.values);
  if (answer.verdict === 'there') return answer.binding;
  if (answer.verdict === 'absent') {
    const words = {
      zh: `绑定 ${numbers} 的应答丢失，而平台没有该绑定关系：没有绑定`,
      en: `the answer to the bind of ${numbers} was lost, and the platform does not have the binding: nothing was bound`,
    };
    throw notDone(words, lost.cause);
  }
  if (answer.verdict === 'before') {
    const id = answer.binding.subscriptionId;
    const words = {
      zh: `绑定 ${numbers} 的应答丢失；同样的号码此前已绑定为 ${id}`,
      en: `the answer to the bind of ${numbers} was lost; the same numbers were bound before, as ${id}`,
    };
    throw new AppError('already-bound', words, {
      hint: {
        zh: '没有新的绑定。--if-exists skip 按现状视为完成。',
        en: 'Nothing new was bound. --if-exists skip takes it as it is.',
      },
      cause: lost.cause,
    });
  }
  await keepDoubt(books, lost);
  throw new AppError(
    'outcome-unknown',
    {
      zh: `绑定 ${numbers} 的应答丢失；可能已绑定，也可能没有`,
      en: `the answer to the bind of ${numbers} was lost; it may or may not be bound`,
    },
    {
      hint: hintFor(lost),
      cause: lost.cause,
    },
  );
}

/**
 * Writes the ledger line of a bind that nobody knows the outcome of, unless one of the same request stands already.
 * @throws AppError `disk-full` or `storage-…`.
 */
async function keepDoubt(books: Bookkeeping, lost: LostBind): Promise<void> {
  const open = await openDoubts(books);
  if (open.some(({ mode, request }) => mode === lost.mode && isSameRequest(request ?? {}, lost.values))) return;
  await books.ledger.append([
    {
      key: buildDoubtKey(),
      at: books.now(),
      mode: lost.mode,
      action: 'bind',
      state: 'in-doubt',
      binding: intendedBinding(lost.mode, lost.values),
      request: lost.values,
      note: 'the answer was lost',
    },
  ]);
}

function isSameRequest(one: Values, other: Values): boolean {
  const text = (values: Values): string =>
    JSON.stringify(
      Object.entries(values)
        .filter(([, value]) => value !== undefined)
        .sort(),
    );
  return text(one) === text(other);
}

type LostVerdict =
  { readonly verdict: 'there' | 'before'; readonly binding: Binding } | { readonly verdict: 'absent' | 'open' };

async function ask(books: Bookkeeping, lost: LostBind): Promise<LostVerdict> {
  const question = questionFor(lost.mode, lost.values);
  if (question === undefined) return { verdict: 'open' };
  let same: Binding[];
  try {
    const found = await collect(books.platform.query(lost.mode, question.values));
    same = found.filter((binding) => isSameBinding(lost.values, binding));
  } catch {
    // The failure to report is the lost answer; that the question failed too only leaves it open.
    return { verdict: 'open' };
  }
  if (question.exact) {
    const [binding] = same;
    if (binding === undefined) return { verdict: 'absent' };
    const known = (await withoutKnown(books, [binding])).length === 0;
    const old = binding.subscribeTime !== undefined && !isMadeNear(binding, lost.sentAt);
    return { verdict: known || old ? 'before' : 'there', binding };
  }
  return judge(await withoutKnown(books, same), lost.sentAt);
}

async function withoutKnown(books: Bookkeeping, bindings: readonly Binding[]): Promise<Binding[]> {
  const unknown: Binding[] = [];
  for (const binding of bindings) {
    const entry = await books.ledger.get(ledgerKey(binding));
    if (entry === undefined || ledgerState(entry, books.now()) !== 'active') unknown.push(binding);
  }
  return unknown;
}

function judge(unknown: readonly Binding[], sentAt: Date): LostVerdict {
  if (unknown.length === 0) return { verdict: 'absent' };
  const fresh = unknown.filter((binding) => isMadeNear(binding, sentAt));
  const [only] = fresh;
  return only !== undefined && fresh.length === 1 ? { verdict: 'there', binding: only } : { verdict: 'open' };
}

function isMadeNear(binding: Binding, instant: Date): boolean {
  const made = parsePlatformTime(binding.subscribeTime);
  if (made === undefined) return false;
  return ZONE_SHIFTS_MS.some((shift) => Math.abs(made.getTime() - shift - instant.getTime()) <= NEAR_MS);
}

function describe(values: Values): string {
  const numbers = [values.a, values.b, values.x].filter((value) => typeof value === 'string');
  return numbers.map(maskPhoneNumber).join(', ');
}

function hintFor({ mode }: LostBind): TextPair {
  switch (mode) {
    case 'axb':
      return {
        zh: '请在控制台查看：号码管理 → X → 绑定详情；或在知道 X 之后，privacy-call query -x X -a A -b B。',
        en: 'Look in the console: 号码管理 → X → 绑定详情; or, once X is known, privacy-call query -x X -a A -b B.',
      };
    case 'ax':
      return {
        zh: '用 privacy-call query -a A 查看：列出 A 的每个 X。',
        en: 'Look with privacy-call query -a A: it lists every X of A.',
      };
    case 'axe':
      return {
        zh: '用 privacy-call query -x X --all 查看，或在控制台：号码管理 → X → 绑定详情。',
        en: 'Look with privacy-call query -x X --all, or in the console: 号码管理 → X → 绑定详情.',
      };
    case 'axyb':
      return {
        zh: '请在控制台查看：号码管理 → X → 绑定详情；AXYB 只能按 X 或绑定ID查询。',
        en: 'Look in the console: 号码管理 → X → 绑定详情; AXYB can only be queried by X or binding ID.',
      };
  }
}
