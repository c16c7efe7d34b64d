import { axybBind, axybBindY, axybQuery } from './declarations/axyb.js';
import { decodeAnswer } from './declarations/decode-wire.js';
import { boundBinding, foundBinding, ifFound, integerOf, listOf, type ModeClient } from './mode-client.js';

/** Life of A and X when none is given. Source: privatenumber_axyb_0017 (2024-11, read 2026-07). */
const DEFAULT_TTL_SECONDS = 7200;

/** AXYB (legacy): a bind with an ID is the second step, B to Y. */
export const axybClient: ModeClient = {
  bind: async (call, values, now) => {
    const createdAt = now();
    const second = values.id !== undefined;
    const declaration = second ? axybBindY : axybBind;
    const answer = await call(declaration, values);
    const ttlSeconds = second ? endOfY(integerOf(values, 'ybTtl')) : (integerOf(values, 'ttl') ?? DEFAULT_TTL_SECONDS);
    return boundBinding({ mode: 'axyb', declaration, values, answer, createdAt, ttlSeconds });
  },
  query: async function* (call, values) {
    const answer = await ifFound(call(axybQuery, values));
    if (answer === undefined) return;
    for (const item of listOf(answer, axybQuery.list)) {
      const ttl = integerOf(decodeAnswer(axybQuery.answer, item), 'ttl');
      yield { ...foundBinding('axyb', axybQuery, item), expiresAt: ttl === 0 ? null : undefined };
    }
  },
};

/** Absent or 0 ends with A and X, whose end is not told here. */
function endOfY(ybTtlSeconds: number | undefined): number | undefined {
  return ybTtlSeconds === 0 ? undefined : ybTtlSeconds;
}
