import { type SignatureReason, verifySignature } from '../platform/signing.js';
import { type Refusal, refuse } from './modes/mode-request.js';
import type { SandboxApplication, SandboxState } from './state.js';

/** How far `Created` may be from the platform's clock. The real figure is not published; this one is the sandbox's own. */
const TOLERANCE_MS = 15 * 60_000;
/** A vendor's sample writes local Beijing time with a `Z`. */
const BEIJING_OFFSET_MS = 8 * 3_600_000;
/** Failures that block an address, and within which time: not published either. The length of the block is. */
const FAILURES = 10;
const BLOCK_MS = 30 * 60_000;

/** Code for a fault of the header, for AKSK and for WSSE. Codes after 1023038 are not known: AKSK borrows 1023031. */
const HEADER_CODES: Readonly<Record<SignatureReason, readonly [aksk: string, wsse: string]>> = {
  'authorization-missing': ['1023006', '1023006'],
  'scheme-wrong': ['1023013', '1023013'],
  'realm-missing': ['1023007', '1023007'],
  'realm-wrong': ['1023009', '1023009'],
  'profile-missing': ['1023008', '1023008'],
  'profile-wrong': ['1023010', '1023010'],
  'type-missing': ['1023012', '1023012'],
  'type-wrong': ['1023011', '1023011'],
  'token-missing': ['1023033', '1023026'],
  'username-token-missing': ['1023038', '1023026'],
  'username-missing': ['1023034', '1023027'],
  'nonce-missing': ['1023035', '1023028'],
  'created-missing': ['1023036', '1023029'],
  'created-wrong': ['1023031', '1023031'],
  'digest-missing': ['1023037', '1023030'],
  'app-key-unknown': ['1010003', '1010003'],
  'digest-wrong': ['1010010', '1010010'],
};

/** What {@link authenticate} looks at. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly remote: string;
  /** The host's time, against which `Created` is judged: the sandbox's own clock may be set to any day. */
  readonly hostNow: Date;
  /** The sandbox's time, for the lock-out. */
  readonly now: Date;
}

function countFailure(state: SandboxState, { remote, now }: Credentials): void {
  const instants = [...(state.failures[remote] ?? []), now.getTime()];
  state.failures[remote] = instants;
  if (instants.length >= FAILURES) {
    state.blockedUntil[remote] = now.getTime() + BLOCK_MS;
    Reflect.deleteProperty(state.failures, remote);
  }
}

function isNear(createdAt: Date, hostNow: Date): boolean {
  const distance = createdAt.getTime() - hostNow.getTime();
  return Math.abs(distance) <= TOLERANCE_MS || Math.abs(distance - BEIJING_OFFSET_MS) <= TOLERANCE_MS;
}

/**
 * The application that signed a request. Header faults answer 400 (1023006 …), an unknown APP_Key 403/1010003, a wrong digest
 * 401/1010010, a `Created` more than 15 minutes off, and not off by the eight hours of Beijing either, 401/1010013. Ten failures of
 * an address within five minutes block it for 30 minutes: 403/1020176. Of these figures only the 30 minutes are the platform's.
 * Changes the counters in `state`.
 * Source: header tables of privatenumber_02_0011, privatenumber_04_0009_1 (read 2026-07).
 */
export function authenticate(state: SandboxState, credentials: Credentials): SandboxApplication | Refusal {
  const { headers, remote, hostNow } = credentials;
  if (state.blockedUntil[remote] !== undefined) return refuse('1020176');
  const find = (appKey: string): SandboxApplication | undefined =>
    state.applications.find((application) => application.appKey === appKey);
  const verdict = verifySignature(headers, (appKey) => find(appKey)?.appSecret);
  if (!verdict.ok) {
    const legacy = verdict.signing === 'wsse' || /^\s*wsse\b/i.test(headers.authorization ?? '');
    const code = HEADER_CODES[verdict.reason][legacy ? 1 : 0];
    const counts = verdict.reason === 'digest-wrong' || verdict.reason === 'app-key-unknown';
    if (counts) countFailure(state, credentials);
    return refuse(code, verdict.reason === 'digest-wrong' ? { httpStatus: 401 } : {});
  }
  if (!isNear(verdict.createdAt, hostNow)) {
    countFailure(state, credentials);
    return refuse('1010013');
  }
  return find(verdict.appKey) ?? refuse('1010003');
}
