import { axBind, axQuery } from './declarations/ax.js';
import { boundBinding, foundBinding, ifFound, listOf, type ModeClient } from './mode-client.js';

/** AX: bindings have no end; a query is one answer. */
export const axClient: ModeClient = {
  bind: async (call, values, now) => {
    const createdAt = now();
    const answer = await call(axBind, values);
    return boundBinding({ mode: 'ax', declaration: axBind, values, answer, createdAt, ttlSeconds: 0 });
  },
  query: async function* (call, values) {
    const answer = await ifFound(call(axQuery, values));
    if (answer === undefined) return;
    for (const item of listOf(answer, axQuery.list)) {
      const binding = foundBinding('ax', axQuery, item);
      // An absent switch means that texts pass: privatenumber_02_0014 (read 2026-07).
      yield { ...binding, sms: binding.sms ?? true, expiresAt: null };
    }
  },
};
