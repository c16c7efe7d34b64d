import { verifySignature } from '../platform/signing.js';

/** How the signature of a push stands; `unchecked` when nobody asked. */
export type SignatureState = 'valid' | 'invalid' | 'absent' | 'unchecked';

/** Gives the secret of an APP_Key; `undefined` for an unknown one. */
export type SecretOf = (appKey: string) => string | undefined;

const ABSENT = ['token-missing', 'username-token-missing', 'username-missing'];

/**
 * Checks the signature of a push. Only the digest counts: the `Authorization` header is a constant that a proxy in front of us may
 * have taken away, and a clock that is off is no reason to lose a call record. The platform's documented examples carry an empty
 * token; that is `absent`.
 */
export function judgeSignature(headers: Readonly<Record<string, string>>, secretOf: SecretOf): SignatureState {
  const result = verifySignature(headers, secretOf, { authorization: 'ignored' });
  if (result.ok) return 'valid';
  return ABSENT.includes(result.reason) ? 'absent' : 'invalid';
}
