import { type TextPair, sameText } from '../domain/text-pair.js';
import { AppError, isAppError } from '../errors.js';
import { changedBinding } from './complete-binding.js';
import { collect } from './collect.js';
import { entriesWith } from './entries-with.js';
import { ledgerKey } from './ledger-key.js';
import { ledgerState } from './ledger-state.js';
import { notDone } from './not-done.js';
import { recordChange } from './record-change.js';
import type { Binding } from '../domain/binding.js';
import type { BindingMode } from '../domain/mode.js';
import type { Values } from '../platform/declarations/declaration.js';
import type { Bookkeeping } from './bookkeeping.js';

/** An update: `id` (or `x`, with `extension` for AXE) and what changes, by own name. */
export interface UpdateRequest {
  readonly mode: BindingMode;
  readonly values: Values;
}

/** What an update did. */
export interface UpdateResult {
  /** The binding after it; `undefined` when neither ledger nor platform could say more than the request. */
  readonly binding: Binding | undefined;
  readonly warnings: readonly TextPair[];
}

/** Changed values that a query shows, and where the binding has them. */
const VISIBLE = {
  a: 'a',
  b: 'b',
  direction: 'direction',
  record: 'recording',
  sms: 'sms',
  userData: 'userData',
} as const;

/**
 * Changes a binding and the ledger with it. A lost answer is resolved by a query where the changed values can be seen there.
 * @throws AppError of the platform; `network-interrupted` (`platform-failure` after a 5xx) when the answer was lost and nothing changed; `outcome-unknown`
 * when that cannot be seen; `disk-full` or `storage-…` naming the ID when only the ledger failed.
 */
export async function updateNumber(books: Bookkeeping, request: UpdateRequest): Promise<UpdateResult> {
  const { mode, values } = request;
  const before = await findInLedger(books, request);
  const warnings: TextPair[] = [];
  try {
    await books.platform.update(mode, values);
  } catch (error) {
    if (!isAppError(error, 'outcome-unknown')) throw error;
    try {
      await resolveLostUpdate(books, request, error);
    } catch (unresolved) {
      if (isAppError(unresolved, 'outcome-unknown')) await noteDoubt(books, request, before);
      throw unresolved;
    }
    warnings.push(LOST_ANSWER);
  }
  const base = before ?? (await ask(books, request).catch(() => undefined));
  if (base === undefined) return { binding: undefined, warnings: [...warnings, notInLedger(values)] };
  const changes = mode === 'ax' || mode === 'axe' ? values : { ...values, x: undefined };
  const binding = changedBinding(base, changes, books.now());
  await recordChange(books, {
    entries: [
      {
        key: ledgerKey(binding),
        at: books.now(),
        mode,
        action: 'update',
        state: 'active',
        binding,
        request: values,
        note: warnings[0]?.en,
      },
    ],
    done: { zh: `已修改 ${binding.subscriptionId}`, en: `updated ${binding.subscriptionId}` },
  });
  return { binding, warnings };
}

const LOST_ANSWER: TextPair = {
  zh: '应答丢失；查询表明平台已完成修改',
  en: 'the answer was lost; a query shows that the platform has made the change',
};

/** The change is made and the ledger could not follow: what to type. Numbers are not shown. */
function notInLedger({ id }: Values): TextPair {
  const named = id === undefined ? '-x X' : `--id ${String(id)}`;
  const query = `"query ${named} --adopt"`;
  return {
    zh: `已修改，但台账没有这个绑定，也无法向平台查询；用 ${query} 记入`,
    en: `changed, but the ledger does not have this binding, nor could the platform be asked for it; ${query} enters it`,
  };
}

/** The binding stands, but what an update changed of it is not known: its end is not claimed any more where a new one was asked for. */
async function noteDoubt(books: Bookkeeping, request: UpdateRequest, before: Binding | undefined): Promise<void> {
  if (before === undefined) return;
  const { mode, values } = request;
  const binding = values.ttl === undefined ? before : { ...before, expiresAt: undefined };
  const note = 'the answer to an update was lost: it may have been changed';
  const entry = {
    key: ledgerKey(binding),
    at: books.now(),
    mode,
    action: 'update',
    state: 'active',
    binding,
    request: values,
    note,
  } as const;
  await recordChange(books, {
    entries: [entry],
    done: {
      zh: `已发送对 ${before.subscriptionId} 的修改，应答丢失`,
      en: `an update of ${before.subscriptionId} was sent and its answer was lost`,
    },
  });
}

async function findInLedger(books: Bookkeeping, request: UpdateRequest): Promise<Binding | undefined> {
  const { mode, values } = request;
  const { id, x, extension } = values;
  if (typeof id === 'string') return (await books.ledger.get(ledgerKey({ mode, subscriptionId: id })))?.binding;
  const now = books.now();
  for await (const entry of entriesWith(books.ledger, [x, mode === 'axe' ? extension : undefined])) {
    const isNamed = entry.binding.x === x && (mode !== 'axe' || entry.binding.extension === extension);
    if (entry.mode === mode && ledgerState(entry, now) === 'active' && isNamed) return entry.binding;
  }
  return undefined;
}

async function ask(books: Bookkeeping, request: UpdateRequest): Promise<Binding | undefined> {
  const { id, x, extension } = request.values;
  const question: Values = id !== undefined ? { id } : { x, extension };
  return (await collect(books.platform.query(request.mode, question), 1))[0];
}

async function resolveLostUpdate(books: Bookkeeping, request: UpdateRequest, cause: AppError): Promise<void> {
  const id = request.values.id;
  const named = id === undefined ? { zh: '该绑定关系', en: 'the binding' } : sameText(` ${String(id)} `);
  const lost = { zh: `修改${named.zh}的应答丢失`, en: `the answer to the update of ${named.en.trim()} was lost` };
  const found = await ask(books, request).catch(() => undefined);
  const changed = Object.entries(VISIBLE).filter(([name]) => request.values[name] !== undefined);
  const seen = found === undefined ? [] : changed.filter(([, field]) => found[field] !== undefined);
  if (found === undefined || seen.length === 0) {
    throw new AppError(
      'outcome-unknown',
      { zh: `${lost.zh}，查询也看不到该修改`, en: `${lost.en}, and a query does not show the change` },
      {
        hint: {
          zh: '修改可以重新发送：设置的值相同，只是有效期重新计算。',
          en: 'An update may be sent again: it sets the same values; only the time to live starts anew.',
        },
        cause,
      },
    );
  }
  if (seen.every(([name, field]) => found[field] === request.values[name])) return;
  throw notDone({ zh: `${lost.zh}；绑定关系没有改变`, en: `${lost.en}; the binding is unchanged` }, cause);
}
