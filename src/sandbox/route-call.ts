import { isChinaMobile, isGlobalNumber } from '../domain/phone-number.js';
import type { CallOptions, CallRoute } from './call-plan.js';
import { allotY } from './modes/axyb.js';
import { expiryOf, type ModeRequest } from './modes/mode-request.js';
import type { AxybBinding, CallSettings, SandboxNumber, SandboxState } from './state.js';

/** Who dials what, and when; `request` serves the modes whose calls change bindings. */
interface Dialling {
  readonly state: SandboxState;
  readonly options: CallOptions;
  readonly number: SandboxNumber;
  readonly request: ModeRequest;
}

/** Hang-up causes, in the words of privatenumber_04_0010 (read 2026-07). */
const CAUSE = {
  noTemporaryCallee: 8013,
  noBinding: 8014,
  directionForbidden: 8016,
  noPermission: 8018,
  noCallbackRecord: 8019,
  extensionUnknown: 8022,
  landlineCaller: 8023,
  noAxybBinding: 8030,
  noY: 8031,
  ownNumber: 8032,
  extensionEmpty: 8033,
  foreignCaller: 8042,
  numberUnusable: 8055,
} as const;

function forbids(settings: Pick<CallSettings, 'direction'>, fromA: boolean): boolean {
  return settings.direction === (fromA ? 'b-to-a' : 'a-to-b');
}

function routeAx({ state, options, number }: Dialling): CallRoute {
  const { x } = number;
  const binding = state.ax.find((candidate) => candidate.x === x);
  if (binding === undefined) return { direction: 2, x, failure: CAUSE.noPermission };
  const fromA = binding.a === options.from;
  const route = {
    direction: fromA ? 1 : 0,
    x,
    bindingId: binding.id,
    userData: binding.userData,
    display: x,
    record: binding.record,
    maxCall: binding.maxCall,
    outcome: state.calls.some((call) => call.running && call.x === x) ? 'busy' : undefined,
  } as const;
  if (forbids(binding, fromA)) return { ...route, failure: CAUSE.directionForbidden };
  if (!fromA) return { ...route, callee: binding.a, outcome: binding.power === false ? 'off' : route.outcome };
  const temporary = state.temporaryCallees.find(({ bindingId }) => bindingId === binding.id);
  if (temporary === undefined) return { ...route, failure: CAUSE.noTemporaryCallee };
  state.temporaryCallees = state.temporaryCallees.filter((candidate) => candidate !== temporary);
  return { ...route, callee: temporary.callee, userData: temporary.userData ?? binding.userData };
}

function routeAxb({ state, options, number }: Dialling): CallRoute {
  const { x } = number;
  const pair = state.axb.find(({ x: own, a, b }) => own === x && (a === options.from || b === options.from));
  if (pair === undefined) return { direction: 2, x, failure: CAUSE.noBinding };
  const fromA = pair.a === options.from;
  const route = {
    direction: fromA ? 1 : 0,
    x,
    bindingId: pair.id,
    userData: pair.userData,
    display: x,
    record: pair.record,
    maxCall: pair.maxCall,
  } as const;
  if (forbids(pair, fromA)) return { ...route, failure: CAUSE.directionForbidden };
  return { ...route, callee: fromA ? pair.b : pair.a };
}

function routeAxe({ state, options, number, request }: Dialling): CallRoute {
  const { x } = number;
  const behind = state.axe.filter((binding) => binding.x === x);
  const own = behind.find((binding) => binding.a === options.from);
  if (own !== undefined) {
    const { extension, userData, record } = own;
    const route = { direction: 1, x, bindingId: own.id, extension, userData, record, display: x } as const;
    const last = state.callbacks.find(({ bindingId }) => bindingId === own.id);
    const callee = last?.caller ?? own.callbackNumber;
    return callee === undefined ? { ...route, failure: CAUSE.noCallbackRecord } : { ...route, callee };
  }
  const digits = options.digits ?? '';
  if (digits === '') return { direction: 2, x, collected: true, failure: CAUSE.extensionEmpty };
  const found = behind.find((binding) => binding.extension === digits);
  if (found === undefined) return { direction: 2, x, collected: true, failure: CAUSE.extensionUnknown };
  const { id, extension, userData, record, a, callbackTtl } = found;
  state.callbacks = state.callbacks.filter(({ bindingId }) => bindingId !== id);
  const expiresAt =
    callbackTtl === undefined || callbackTtl === 0 ? found.expiresAt : expiryOf(request.now, callbackTtl);
  state.callbacks.push({ bindingId: id, caller: options.from, expiresAt });
  return { direction: 0, x, collected: true, bindingId: id, extension, userData, record, callee: a, display: x };
}

function routeAxyb({ state, options, number, request }: Dialling): CallRoute {
  const { from } = options;
  const holder = state.axyb.find(({ x }) => x === number.x);
  if (holder !== undefined) return routeToX(holder, from, request);
  const usingY = state.axyb.filter(({ relations }) => relations.some(({ y }) => y === number.x));
  const binding = usingY.find(({ a }) => a === from);
  const relation = binding?.relations.find(({ y }) => y === number.x);
  if (binding === undefined || relation === undefined) {
    const own = usingY.some(({ relations }) => relations.some(({ b, y }) => y === number.x && b === from));
    return { direction: 2, x: number.x, failure: own ? CAUSE.ownNumber : CAUSE.noAxybBinding };
  }
  const { x, id: bindingId, userData, record } = binding;
  const route = { direction: 1, x, bindingId, userData, record, display: x } as const;
  if (forbids(binding, true)) return { ...route, failure: CAUSE.directionForbidden };
  return { ...route, callee: relation.b };
}

function routeToX(binding: AxybBinding, from: string, request: ModeRequest): CallRoute {
  const { x, id: bindingId, userData, record, a } = binding;
  const route = { direction: 0, x, bindingId, userData, record } as const;
  if (a === from) return { ...route, direction: 1, failure: CAUSE.ownNumber };
  if (forbids(binding, false)) return { ...route, failure: CAUSE.directionForbidden };
  const known = binding.relations.find(({ b }) => b === from);
  const relation = known ?? allotY(request, binding, from, { ybTtl: binding.ybTtl });
  return relation === undefined ? { ...route, failure: CAUSE.noY } : { ...route, callee: a, display: relation.y };
}

/** What the platform does when it does not even look for a binding. */
export function refusedCaller(number: SandboxNumber, from: string): CallRoute | undefined {
  const failure = (cause: number): CallRoute => ({ direction: 2, x: number.x, failure: cause });
  if (number.status === '9' || number.status === '10') return failure(CAUSE.numberUnusable);
  if (!from.startsWith('+86')) return failure(CAUSE.foreignCaller);
  return isChinaMobile(from) ? undefined : failure(CAUSE.landlineCaller);
}

/**
 * Where a call to X goes in AX, AXB, AXE and AXYB, once {@link refusedCaller} lets it. Changes the state as the call itself does: a temporary callee is used up, an AXE
 * call leaves a callback record, AXYB allots a Y to a B without one.
 * Source: overview pages of the modes; the causes: privatenumber_04_0010 (read 2026-07).
 */
export function routeCall(request: ModeRequest, options: CallOptions, number: SandboxNumber): CallRoute {
  const dialling: Dialling = { state: request.state, options, number, request };
  if (number.mode === 'ax') return routeAx(dialling);
  if (number.mode === 'axb') return routeAxb(dialling);
  return number.mode === 'axe' ? routeAxe(dialling) : routeAxyb(dialling);
}

/**
 * Where a call of X mode goes by the customer's answer to the Block push; `connectInfo` and `closeInfo` may stand in an array of one, as
 * in the vendor's sample. A bad answer ends the call with 8014; the cause of an ordered end (8017) is of older documentation only.
 * Source: privatenumber_02_0006_2 (2024-12-30, read 2026-07).
 */
export function routeByAnswer(number: SandboxNumber, answer: unknown): CallRoute {
  const { x } = number;
  const bad: CallRoute = { direction: 2, x, failure: CAUSE.noBinding };
  const fields = firstObject(answer);
  if (fields?.operation === 'close') {
    const userData = textField(firstObject(fields.closeInfo), 'userData');
    return { direction: 0, x, userData, failure: 8017 };
  }
  const info = firstObject(fields?.connectInfo);
  const callee = textField(info, 'calleeNum');
  if (fields?.operation !== 'connect' || callee === undefined || !isGlobalNumber(callee)) return bad;
  const maxCall = Number(info?.maxDuration ?? 0);
  const display = textField(info, 'displayCalleeNum') ?? x;
  if (!Number.isInteger(maxCall) || maxCall < 0 || maxCall > 1440 || display !== x) return bad;
  const record = String(info?.recordFlag) === 'true';
  return { direction: 0, x, callee, display, maxCall, record, userData: textField(info, 'userData') };
}

function firstObject(value: unknown): Record<string, unknown> | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : undefined;
}

function textField(fields: Record<string, unknown> | undefined, name: string): string | undefined {
  const value = fields?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
