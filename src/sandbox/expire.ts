import { endDueCalls } from './end-call.js';
import { RECORDING_MS } from './recordings.js';
import type { SandboxState } from './state.js';

const LOCKOUT_WINDOW_MS = 5 * 60_000;
const KEPT_CALLS = 500;
/** More than fifty calls at once have. */
const KEPT_PUSHES = 400;

function isAlive(expiresAt: number | null, now: Date): boolean {
  return expiresAt === null || expiresAt > now.getTime();
}

/**
 * Drops what has come to its end at `now` (the sandbox's time): bindings, Y relations, temporary callees, callback records, recordings
 * after seven days, blocks; ends running calls whose talk is over. Also keeps the history of calls and pushes short.
 * Changes `state`.
 */
export function expire(state: SandboxState, now: Date): void {
  state.axb = state.axb.filter(({ expiresAt }) => isAlive(expiresAt, now));
  state.axe = state.axe.filter(({ expiresAt }) => isAlive(expiresAt, now));
  state.axyb = state.axyb.filter(({ expiresAt }) => isAlive(expiresAt, now));
  for (const binding of state.axyb) {
    binding.relations = binding.relations.filter(({ expiresAt }) => isAlive(expiresAt, now));
  }
  state.temporaryCallees = state.temporaryCallees.filter(({ expiresAt }) => isAlive(expiresAt, now));
  state.callbacks = state.callbacks.filter(({ expiresAt }) => isAlive(expiresAt, now));
  endDueCalls(state, now);
  state.recordings = state.recordings.filter(({ createdAt }) => createdAt + RECORDING_MS > now.getTime());
  for (const [remote, until] of Object.entries(state.blockedUntil)) {
    if (until <= now.getTime()) Reflect.deleteProperty(state.blockedUntil, remote);
  }
  for (const [remote, instants] of Object.entries(state.failures)) {
    const recent = instants.filter((instant) => instant + LOCKOUT_WINDOW_MS > now.getTime());
    if (recent.length === 0) Reflect.deleteProperty(state.failures, remote);
    else state.failures[remote] = recent;
  }
  const ended = state.calls.filter(({ running }) => !running);
  if (ended.length > KEPT_CALLS) {
    const dropped = new Set(ended.slice(0, ended.length - KEPT_CALLS));
    state.calls = state.calls.filter((call) => !dropped.has(call));
  }
  const finished = state.pushes.filter((push) => push.state !== 'waiting');
  if (finished.length > KEPT_PUSHES) {
    const dropped = new Set(finished.slice(0, finished.length - KEPT_PUSHES));
    state.pushes = state.pushes.filter((push) => !dropped.has(push));
  }
}
