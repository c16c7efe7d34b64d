import type { Binding } from '../domain/binding.js';
import { axbBind, axbQuery } from './declarations/axb.js';
import type { Values } from './declarations/declaration.js';
import { decodeAnswer } from './declarations/decode-wire.js';
import { boundBinding, type Call, foundBinding, ifFound, integerOf, listOf, type ModeClient } from './mode-client.js';
import { textField } from './read-answer.js';

/** Largest page that the platform takes; a page of its own default has 50. */
const PAGE_SIZE = 100;

/** AXB: pairs on an X come by page, until the total or a short page is reached. */
export const axbClient: ModeClient = {
  bind: async (call, values, now) => {
    const createdAt = now();
    const answer = await call(axbBind, values);
    const ttlSeconds = integerOf(decodeAnswer(axbBind.answer, answer.body), 'ttl') ?? integerOf(values, 'ttl') ?? 0;
    return boundBinding({ mode: 'axb', declaration: axbBind, values, answer, createdAt, ttlSeconds });
  },
  query: (call, values) => {
    const oneAnswer = ['id', 'a', 'b', 'page'].some((name) => values[name] !== undefined);
    return oneAnswer ? queryOnce(call, values) : queryPages(call, values);
  },
};

async function* queryOnce(call: Call, values: Values): AsyncGenerator<Binding> {
  const answer = await ifFound(call(axbQuery, values));
  if (answer !== undefined) for (const item of listOf(answer, axbQuery.list)) yield pairOf(item, values);
}

async function* queryPages(call: Call, values: Values): AsyncGenerator<Binding> {
  const seen = new Set<string>();
  for (let page = 1; ; page += 1) {
    const asked = integerOf(values, 'pageSize') ?? PAGE_SIZE;
    const answer = await ifFound(call(axbQuery, { ...values, pageSize: asked, page }));
    if (answer === undefined) return;
    const pairs = listOf(answer, axbQuery.list).map((item) => pairOf(item, values));
    // Pairs bound meanwhile move others to the next page: each is handed out once.
    const fresh = pairs.filter((pair) => !seen.has(pair.subscriptionId));
    for (const pair of fresh) seen.add(pair.subscriptionId);
    yield* fresh;
    const total = Number(textField(answer.body, 'totalCount') ?? Infinity);
    const pageSize = Number(textField(answer.body, 'pageSize') ?? asked);
    if (fresh.length === 0 || page * pageSize >= total || pairs.length < pageSize) return;
  }
}

function pairOf(item: Readonly<Record<string, unknown>>, values: Values): Binding {
  const binding = foundBinding('axb', axbQuery, item, values.id === undefined ? { x: values.x } : {});
  const ttl = integerOf(decodeAnswer(axbQuery.answer, item), 'ttl');
  return { ...binding, expiresAt: ttl === 0 ? null : undefined };
}
