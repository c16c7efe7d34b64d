import type { Binding } from '../domain/binding.js';
import { axeBind, axeQuery, axeQueryAll } from './declarations/axe.js';
import type { Values } from './declarations/declaration.js';
import { isObject } from './declarations/decode-wire.js';
import { boundBinding, type Call, foundBinding, ifFound, integerOf, listOf, type ModeClient } from './mode-client.js';
import type { Answer } from './platform.js';
import { textField } from './read-answer.js';

/**
 * AXE: one binding by the first query interface, all of an X by the second, with a cursor. When a binding ends is not told: the
 * platform shows the time of the bind even after an update.
 */
export const axeClient: ModeClient = {
  bind: async (call, values, now) => {
    const createdAt = now();
    const answer = await call(axeBind, values);
    const ttlSeconds = integerOf(values, 'ttl') ?? 0;
    return boundBinding({ mode: 'axe', declaration: axeBind, values, answer, createdAt, ttlSeconds });
  },
  query: (call, values) =>
    values.id === undefined && values.extension === undefined ? queryAll(call, values) : queryOne(call, values),
};

async function* queryOne(call: Call, values: Values): AsyncGenerator<Binding> {
  const answer = await ifFound(call(axeQuery, values));
  if (answer !== undefined) yield foundBinding('axe', axeQuery, answer.body);
}

async function* queryAll(call: Call, values: Values): AsyncGenerator<Binding> {
  const seen = new Set<string>();
  let cursor = values.cursor;
  for (;;) {
    const answer = await ifFound(call(axeQueryAll, { ...values, cursor }));
    if (answer === undefined) return;
    const known = { x: values.x };
    const found = itemsOf(answer).map((item) => foundBinding('axe', axeQueryAll, item, known));
    const fresh = found.filter((binding) => !seen.has(binding.subscriptionId));
    for (const binding of fresh) seen.add(binding.subscriptionId);
    yield* fresh;
    const next = textField(answer.body, 'nextCusor') ?? textField(answer.body, 'nextCursor');
    // A cursor that stands still, or a page without anything new, would go on for ever.
    if (next === undefined || next === cursor || fresh.length === 0) return;
    cursor = next;
  }
}

/** The list has no documented name: the declared one, else the first list of objects, else the answer itself. */
function itemsOf(answer: Answer): readonly Readonly<Record<string, unknown>>[] {
  const declared = listOf(answer, axeQueryAll.list);
  if (declared.length > 0) return declared;
  const other = Object.entries(answer.body).find(([, value]) => Array.isArray(value) && value.some(isObject));
  if (other !== undefined) return listOf(answer, other[0]);
  return textField(answer.body, 'subscriptionId') === undefined ? [] : [answer.body];
}
