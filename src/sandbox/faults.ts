import { AppError } from '../errors.js';
import { DECLARATIONS } from '../platform/declarations/all.js';
import { draw } from './draw.js';
import { jsonResponse, type SandboxRequest, type SandboxResponse, splitTarget, textResponse } from './exchange.js';
import { type Refusal, refuse } from './modes/mode-request.js';
import { paceBody } from './pace-body.js';
import { expiredAddress, STORAGE_PATH } from './recordings.js';
import type { Fault, SandboxApplication, SandboxState } from './state.js';

/** What each fault does; the help of `sandbox fault` reads these. */
export const FAULT_KINDS = {
  slow: 'the answer comes late (5 seconds unless told)',
  down: 'the connection breaks, nothing was done',
  '5xx': 'an internal error, nothing was done',
  '5xx-after': 'the platform acts, then answers with an internal error',
  'flow-control': 'the flow control of the platform: 403 with 1010010',
  locked: 'the address is blocked: 403 with 1020176',
  'lost-answer': 'the platform acts, then the connection breaks',
  cut: 'the answer breaks off in the middle',
  'not-audio': 'the storage hands out an HTML page with status 200',
  'range-ignored': 'the storage sends the whole recording where the rest was asked for',
  'etag-changed': 'the storage gives the recording another ETag',
  'expired-address': 'the storage says that the address has expired: 403',
  redirect: 'the storage redirects to the same address (302 unless told): one hop for each --count, else for ever',
  stall: 'the storage stops in the middle of a recording (10 minutes unless told), the connection stays open',
  drip: 'the storage sends a recording byte by byte, one a second unless told',
  arrears: 'the account is in arrears: binds answer 1010029, the recording address 1012007, calls and texts fail',
  'push-twice': 'pushes leave twice, as after an answer that was lost on its way',
} as const satisfies Record<Fault['kind'], string>;

const SLOW_MS = 5000;
/** Longer than any client waits. */
const STALL_MS = 600_000;
const DRIP_MS = 1000;

/** Whether the account of the application is in arrears or frozen. */
export function isInArrears(state: SandboxState, application: SandboxApplication): boolean {
  return application.condition === 'frozen' || state.faults.some(({ kind }) => kind === 'arrears');
}

/** How an interface answers an account in arrears. Source: privatenumber_04_0009_1 (read 2026-07). */
export function refuseArrears(path: string): Refusal {
  const ofRecordings = DECLARATIONS.some((one) => one.operation === 'recording-address' && one.path === path);
  return refuse(ofRecordings ? '1012007' : '1010029');
}

function useUp(state: SandboxState, fault: Fault): void {
  if (fault.count !== undefined) fault.count -= 1;
  state.faults = state.faults.filter(({ count }) => count === undefined || count > 0);
}

/** The fault that hits a request to `path`, if any; its count goes down. Changes `state`. */
export function takeFault(state: SandboxState, path: string): Fault | undefined {
  for (const fault of state.faults) {
    if (fault.path !== undefined && !path.includes(fault.path)) continue;
    if (fault.kind === 'push-twice' || (fault.kind === 'arrears' && path.startsWith(STORAGE_PATH))) continue;
    if (OF_STORAGE.includes(fault.kind) && !path.startsWith(STORAGE_PATH)) continue;
    if (fault.share !== undefined && draw(state) >= fault.share) continue;
    useUp(state, fault);
    return fault;
  }
  return undefined;
}

/** Whether a push to `url` leaves twice. Changes `state`. */
export function takePushFault(state: SandboxState, url: string): boolean {
  const fault = state.faults.find(
    ({ kind, path }) => kind === 'push-twice' && (path === undefined || url.includes(path)),
  );
  if (fault === undefined || (fault.share !== undefined && draw(state) >= fault.share)) return false;
  useUp(state, fault);
  return true;
}

function reset(fault: 'reset-before' | 'reset-after'): SandboxResponse {
  return { status: 0, headers: {}, body: new Uint8Array(), fault };
}

function refused(code: string, httpStatus: number): SandboxResponse {
  const refusal = refuse(code, { httpStatus });
  return jsonResponse(httpStatus, { resultcode: code, resultdesc: refusal.description });
}

function internalError({ status = 500 }: Fault): SandboxResponse {
  const { description } = refuse('1023001');
  return jsonResponse(status, { resultcode: '1023001', resultdesc: description });
}

/** Kinds that hit requests to the storage alone. */
const OF_STORAGE: readonly Fault['kind'][] = [
  'not-audio',
  'range-ignored',
  'etag-changed',
  'expired-address',
  'redirect',
  'stall',
  'drip',
];

/** The answer of a fault that keeps the platform from acting on `request`; `undefined` for the others. */
export function answerInstead(fault: Fault | undefined, request: SandboxRequest): SandboxResponse | undefined {
  switch (fault?.kind) {
    case 'down':
      return reset('reset-before');
    case '5xx':
      return internalError(fault);
    case 'flow-control':
      return refused('1010010', 403);
    case 'locked':
      return refused('1020176', 403);
    case 'arrears': {
      const { code, httpStatus } = refuseArrears(splitTarget(request.target).path);
      return refused(code, httpStatus);
    }
    case 'not-audio':
      return textResponse(200, 'text/html', '<!DOCTYPE html>\n<title>Please wait</title>\n');
    case 'expired-address':
      return expiredAddress();
    case 'redirect': {
      const { path, query } = splitTarget(request.target);
      const headers = { location: `${path}?${query.toString()}`, 'content-length': '0' };
      return { status: fault.status ?? 302, headers, body: new Uint8Array() };
    }
    default:
      return undefined;
  }
}

/** What the storage sees of a request under a fault. */
export function spoilRequest(fault: Fault | undefined, request: SandboxRequest): SandboxRequest {
  if (fault?.kind !== 'range-ignored') return request;
  const { range: _, ...headers } = request.headers;
  return { ...request, headers };
}

async function* cutBody(body: SandboxResponse['body'], keepBytes: number): AsyncGenerator<Uint8Array> {
  let left = keepBytes;
  for await (const piece of body instanceof Uint8Array ? [body] : body) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) break;
  }
  throw new AppError('network-interrupted', {
    zh: '沙箱按设置在应答中途断开了连接',
    en: 'the sandbox broke the connection in the middle of the answer, as told',
  });
}

/** What a fault makes of the answer to a request on which the platform has acted. */
export function spoilAnswer(
  fault: Fault | undefined,
  response: SandboxResponse,
  request: Pick<SandboxRequest, 'signal'>,
): SandboxResponse {
  switch (fault?.kind) {
    case 'lost-answer':
      return reset('reset-after');
    case '5xx-after':
      return internalError(fault);
    case 'slow':
      return { ...response, delayMs: fault.delayMs ?? SLOW_MS };
    case 'etag-changed':
      return { ...response, headers: { ...response.headers, etag: '"changed"' } };
    case 'cut': {
      const length = Number(response.headers['content-length'] ?? 0);
      return { ...response, body: cutBody(response.body, Math.max(1, Math.floor(length / 2))) };
    }
    case 'stall':
    case 'drip': {
      const { kind, delayMs = kind === 'stall' ? STALL_MS : DRIP_MS } = fault;
      const sizeBytes = Number(response.headers['content-length'] ?? 0);
      const { signal } = request;
      return { ...response, body: paceBody(response.body, { kind, ms: delayMs, sizeBytes, signal }) };
    }
    default:
      return response;
  }
}
