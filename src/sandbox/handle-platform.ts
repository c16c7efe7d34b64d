import { isXNumber } from '../domain/phone-number.js';
import { DECLARATIONS } from '../platform/declarations/all.js';
import { checkValues } from '../platform/declarations/check-values.js';
import { decodeWire } from '../platform/declarations/decode-wire.js';
import type { InterfaceDeclaration, Values } from '../platform/declarations/declaration.js';
import { authenticate } from './authenticate.js';
import { endCall } from './end-call.js';
import { refuseArrears } from './faults.js';
import { jsonResponse, type SandboxRequest, type SandboxResponse, splitTarget, textResponse } from './exchange.js';
import { AX_HANDLERS } from './modes/ax.js';
import { AXB_HANDLERS } from './modes/axb.js';
import { AXE_HANDLERS } from './modes/axe.js';
import { AXYB_HANDLERS } from './modes/axyb.js';
import { grant, type ModeHandler, type Refusal, refuse, textOf } from './modes/mode-request.js';
import { recordingLocation } from './recordings.js';
import type { SandboxApplication, SandboxState } from './state.js';

/** Ends a running call. The HTTP status of 1020152 is not documented; 403 here. Source: privatenumber_axyb_0023 (read 2026-07). */
const callStop: ModeHandler = ({ state, values, application, now }) => {
  const sessionId = textOf(values, 'sessionId');
  const call = state.calls.find((candidate) => candidate.sessionId === sessionId && candidate.running);
  if (call?.appKey !== application.appKey) return refuse('1020152');
  endCall(state, call, Math.floor(now.getTime() / 1000) * 1000);
  return grant();
};

const HANDLERS: Readonly<Record<string, ModeHandler>> = {
  ...AX_HANDLERS,
  ...AXB_HANDLERS,
  ...AXE_HANDLERS,
  ...AXYB_HANDLERS,
  'call.stop': callStop,
};

/** Both instants that a request is judged by. */
export interface Instants {
  readonly hostNow: Date;
  /** By the clock of the sandbox. */
  readonly now: Date;
}

/** Whether some interface of the platform has this path. */
function isPlatformPath(path: string): boolean {
  return DECLARATIONS.some((declaration) => declaration.path === path);
}

function refusal({ httpStatus, code, description }: Refusal): SandboxResponse {
  return jsonResponse(httpStatus, { resultcode: code, resultdesc: description });
}

function parseBody(request: SandboxRequest): unknown {
  // Real clients send bodies with GET and DELETE; nothing is read from them.
  if (request.method !== 'POST' && request.method !== 'PUT') return {};
  const text = Buffer.from(request.body)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unavailable(application: SandboxApplication, remote: string, path: string): Refusal | undefined {
  if (application.allowedAddresses.length > 0 && !application.allowedAddresses.includes(remote))
    return refuse('1020166');
  if (application.condition === 'off') return refuse('1010004');
  return application.condition === 'frozen' ? refuseArrears(path) : undefined;
}

/** The interface meant: AXYB has two binds on one address, told apart by `subscriptionId`. */
function chooseDeclaration(method: string, path: string, body: unknown): InterfaceDeclaration | undefined {
  const found = DECLARATIONS.filter((declaration) => declaration.path === path && declaration.method === method);
  if (found.length < 2) return found[0];
  const id = typeof body === 'object' && body !== null && 'subscriptionId' in body ? body.subscriptionId : undefined;
  const wanted = id === undefined || id === null || id === '' ? 'axyb.bind' : 'axyb.bind-y';
  return found.find((declaration) => declaration.id === wanted);
}

/** An ID wins: what else could name the binding is not looked at. */
function narrow(declaration: InterfaceDeclaration, values: Values): Values {
  if (values.id === undefined || declaration.operation === 'bind' || declaration.mode === 'axyb') return values;
  const names = ['x', 'extension', ...(declaration.operation === 'update' ? [] : ['a', 'b'])];
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/** The code with which a mode says that it does not know this X; a raw `+` in the query ends here as well. */
function unknownNumberCode(declaration: InterfaceDeclaration): string {
  if (declaration.mode !== 'ax') return '1012001';
  return declaration.operation === 'unbind' ? '1011004' : '1011001';
}

function fault(declaration: InterfaceDeclaration, values: Values, problems: readonly WireFault[]): Refusal | undefined {
  const nothingNamed = values.id === undefined && values.x === undefined;
  if (declaration.operation === 'unbind' && nothingNamed && (declaration.mode === 'ax' || declaration.mode === 'axb')) {
    return refuse(unknownNumberCode(declaration));
  }
  const first = problems[0];
  if (first === undefined) return undefined;
  const number = first.name === 'x' || first.name === 'y' ? textOf(values, first.name) : undefined;
  if (number !== undefined && !isXNumber(number)) return refuse(unknownNumberCode(declaration));
  const parameter = declaration.parameters.find(({ name }) => name === first.name);
  const wire = first.wire ?? parameter?.wire ?? 'body';
  return refuse('1010002', { description: `Invalid request.${first.detail ?? wire}` });
}

interface WireFault {
  readonly name: string | undefined;
  readonly wire?: string | undefined;
  readonly detail?: string | undefined;
}

function serve(declaration: InterfaceDeclaration, context: ServeContext): SandboxResponse {
  const { state, application, request, body, query, instants } = context;
  const decoded = decodeWire(declaration, { query, body });
  const values = narrow(declaration, decoded.values);
  const problems: WireFault[] = [
    ...decoded.problems.map(({ name, wire, message }) => ({ name, wire, detail: message })),
    ...checkValues(declaration, values).problems.map(({ name }) => ({ name })),
  ];
  const refused = fault(declaration, values, problems);
  if (refused !== undefined) return refusal(refused);
  if (declaration.operation === 'recording-address') {
    const location = recordingLocation({ state, application, request, now: instants.now }, values);
    return location === undefined
      ? refusal(refuse('1012007'))
      : { status: 301, headers: { location, 'content-length': '0' }, body: new Uint8Array() };
  }
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const answer = HANDLERS[declaration.id]?.({ state, application, values, body: fields, now: instants.now });
  if (answer === undefined) return refusal(refuse('1010006'));
  if (answer.kind === 'refusal') return refusal(answer);
  const contentType = declaration.operation === 'hangup' ? 'text/html;charset=UTF-8' : undefined;
  return jsonResponse(200, { resultcode: '0', resultdesc: 'Success', ...answer.fields }, contentType);
}

interface ServeContext {
  readonly state: SandboxState;
  readonly application: SandboxApplication;
  readonly request: SandboxRequest;
  readonly body: unknown;
  readonly query: URLSearchParams;
  readonly instants: Instants;
}

/**
 * A request to one of the platform's interfaces: path, signature, state and mode of the application, method, parameters, and then the
 * rules of the mode. Changes `state`.
 * Source of the order's codes: privatenumber_04_0009_1 (read 2026-07); the order itself is the sandbox's own.
 */
export function handlePlatform(state: SandboxState, request: SandboxRequest, instants: Instants): SandboxResponse {
  const { path, query } = splitTarget(request.target);
  if (!isPlatformPath(path)) return textResponse(404, 'text/html', '<html><body>404 Not Found</body></html>');
  const application = authenticate(state, { headers: request.headers, remote: request.remote, ...instants });
  if ('kind' in application) return refusal(application);
  const refused = unavailable(application, request.remote, path);
  if (refused !== undefined) return refusal(refused);
  const body = parseBody(request);
  const declaration = chooseDeclaration(request.method, path, body);
  if (declaration === undefined) return refusal(refuse('1010006'));
  if (declaration.mode !== undefined && declaration.mode !== application.mode) return refusal(refuse('1010040'));
  if (declaration.appKeyInQuery === true && query.get('app_key') !== application.appKey) {
    return refusal(
      query.has('app_key') ? refuse('1010003') : refuse('1010002', { description: 'Invalid request.app_key' }),
    );
  }
  if (body === undefined) return refusal(refuse('1010002'));
  return serve(declaration, { state, application, request, body, query, instants });
}
