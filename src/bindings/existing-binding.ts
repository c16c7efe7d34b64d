import { bindingDeclarations } from '../platform/declarations/all.js';
import { changedBinding } from './complete-binding.js';
import { collect } from './collect.js';
import { entriesWith } from './entries-with.js';
import { withSettings } from './known-settings.js';
import { ledgerKey } from './ledger-key.js';
import { ledgerState } from './ledger-state.js';
import { mergeBinding } from './merge-binding.js';
import { isSameBinding, questionFor } from './same-binding.js';
import type { Binding } from '../domain/binding.js';
import type { BindingMode } from '../domain/mode.js';
import type { Values } from '../platform/declarations/declaration.js';
import type { Bookkeeping } from './bookkeeping.js';

/** The bind that may meet an existing binding. */
export interface WantedBinding {
  readonly mode: BindingMode;
  readonly values: Values;
}

/**
 * The binding of the same numbers that the ledger holds as active, confirmed by a query. Needed where the request names no
 * X: the platform would pick another X and bind the pair a second time. An entry that the platform no longer has is
 * marked `gone`.
 * @returns `undefined` when there is none.
 */
export async function findKnownBinding(books: Bookkeeping, wanted: WantedBinding): Promise<Binding | undefined> {
  const { mode, values } = wanted;
  const now = books.now();
  for (const entry of await collect(entriesWith(books.ledger, [values.id, values.a, values.b]))) {
    if (entry.mode !== mode || ledgerState(entry, now) !== 'active' || !isSameBinding(values, entry.binding)) continue;
    const id = entry.binding.subscriptionId;
    const found = await collect(books.platform.query(mode, { id }));
    const same = found.find((binding) => isSameBinding(values, mergeBinding(entry.binding, binding)));
    if (same !== undefined) return mergeBinding(entry.binding, same);
    const [other] = found;
    const seen = { ...withSettings({ ...entry, action: 'seen' }, entry), at: now };
    await books.ledger.append([
      other === undefined
        ? { ...seen, state: 'gone', note: 'the platform no longer has it' }
        : { ...seen, binding: mergeBinding(entry.binding, other), note: 'changed elsewhere' },
    ]);
  }
  return undefined;
}

/**
 * The binding that stood in the way of a bind, when it is of the same numbers.
 * @returns `undefined` when it is another one, or when the platform cannot be asked for it.
 */
export async function findBlockingBinding(books: Bookkeeping, wanted: WantedBinding): Promise<Binding | undefined> {
  const question = questionFor(wanted.mode, wanted.values);
  if (question === undefined) return findKnownBinding(books, wanted);
  const found = await collect(books.platform.query(wanted.mode, question.values));
  const same = found.find((binding) => isSameBinding(wanted.values, binding));
  if (same === undefined) return undefined;
  return mergeBinding((await books.ledger.get(ledgerKey(same)))?.binding, same);
}

/**
 * Brings an existing binding to what the bind asked for: everything that the mode's update takes, but the numbers.
 * @returns the binding after it, or `undefined` when the mode has no update or nothing of the request can be updated.
 */
export async function updateExisting(
  books: Bookkeeping,
  wanted: WantedBinding,
  existing: Binding,
): Promise<Binding | undefined> {
  const update = bindingDeclarations(wanted.mode).update;
  const numbers = ['id', 'a', 'b', 'x', 'y', 'extension'];
  const names = (update?.parameters ?? []).map((parameter) => parameter.name).filter((name) => !numbers.includes(name));
  const given = names.filter((name) => wanted.values[name] !== undefined);
  if (given.length === 0) return undefined;
  const changes: Values = Object.fromEntries(given.map((name) => [name, wanted.values[name]]));
  await books.platform.update(wanted.mode, { id: existing.subscriptionId, ...changes });
  return changedBinding(existing, changes, books.now());
}
