import type { Values } from '../../platform/declarations/declaration.js';
import { RESULT_CODES } from '../../domain/catalogues/result-codes.js';
import type { SandboxApplication, SandboxNumber, SandboxState } from '../state.js';

/** A request that has passed signature, mode and declaration checks. */
export interface ModeRequest {
  readonly state: SandboxState;
  readonly application: SandboxApplication;
  /** By own name, as `decodeWire` gives them. */
  readonly values: Values;
  /** The body's fields as they came. */
  readonly body: Readonly<Record<string, unknown>>;
  /** By the clock of the sandbox. */
  readonly now: Date;
}

/** The platform says no. A refused request has changed nothing. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly httpStatus: number;
  readonly code: string;
  readonly description: string;
}

/** The platform says yes; `fields` stand in the answer beside `resultcode` and `resultdesc`. */
export interface Granted {
  readonly kind: 'granted';
  readonly fields: Readonly<Record<string, unknown>>;
}

export type ModeAnswer = Refusal | Granted;

/** One interface of one mode: looks at the state, changes it in place when it grants. */
export type ModeHandler = (request: ModeRequest) => ModeAnswer;

/**
 * A refusal with the text of the catalogue.
 * @param details `httpStatus` where the catalogue has a code twice (1010010) or without status (then 403); `description` in place of the
 * catalogue's text.
 */
export function refuse(code: string, details: { httpStatus?: number; description?: string } = {}): Refusal {
  const entries = RESULT_CODES.filter((entry) => entry.code === code);
  const entry = entries.find(({ httpStatus }) => httpStatus === details.httpStatus) ?? entries[0];
  return {
    kind: 'refusal',
    httpStatus: details.httpStatus ?? entry?.httpStatus ?? 403,
    code,
    description: details.description ?? entry?.message ?? 'Unknown error.',
  };
}

/** A granted request; fields that are `undefined` are left out. */
export function grant(fields: Readonly<Record<string, unknown>> = {}): Granted {
  return { kind: 'granted', fields: withoutUndefined(fields) };
}

/** `fields` without those that are `undefined`. */
export function withoutUndefined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** A text of `values`; `undefined` when it is absent. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return value === undefined ? undefined : String(value);
}

/** A whole number of `values`. */
export function wholeOf(values: Values, name: string): number | undefined {
  const value = values[name];
  return typeof value === 'number' ? value : undefined;
}

/** A switch of `values`. */
export function switchOf(values: Values, name: string): boolean | undefined {
  const value = values[name];
  return typeof value === 'boolean' ? value : undefined;
}

/** Wire form of a switch in answers. */
export function wireSwitch(value: boolean): 'true' | 'false' {
  return value ? 'true' : 'false';
}

/** Wire form of who may call, in answers. */
export function wireDirection(direction: string | undefined): number {
  return direction === 'a-to-b' ? 1 : direction === 'b-to-a' ? 2 : 0;
}

/** End of a life of `seconds`; 0 or `undefined` never ends. Milliseconds. */
export function expiryOf(now: Date, seconds: number | undefined): number | null {
  return seconds === undefined || seconds === 0 ? null : now.getTime() + seconds * 1000;
}

/** The number `x` if it belongs to the application. */
export function numberOf(request: Pick<ModeRequest, 'state' | 'application'>, x: string): SandboxNumber | undefined {
  return request.state.numbers.find((number) => number.x === x && number.mode === request.application.mode);
}

/** City code of a landline of the cities that the sandbox knows; `undefined` for every other number. */
function areaOfLandline(number: string): string | undefined {
  if (/^\+8610\d{7,8}$/.test(number)) return '010';
  if (/^\+8621\d{7,8}$/.test(number)) return '021';
  return /^\+86755\d{7,8}$/.test(number) ? '0755' : undefined;
}

/**
 * The X (or Y) that the platform picks: the first number in state 5 that is `free`, of the city asked for; with `areaMatch` `any` of
 * another city when that one has none. Without a city, that of a landline A counts; a mobile A's city is not known here, so any does.
 * @returns `undefined` when there is none.
 */
export function chooseNumber(request: ModeRequest, free: (x: string) => boolean): SandboxNumber | undefined {
  const { state, application, values } = request;
  const area = textOf(values, 'area') ?? areaOfLandline(textOf(values, 'a') ?? '');
  const candidates = state.numbers.filter(
    (number) => number.mode === application.mode && number.status === '5' && free(number.x),
  );
  if (area === undefined) return candidates[0];
  const local = candidates.find((number) => number.areaCode === area);
  return local ?? (values.areaMatch === 'any' ? candidates[0] : undefined);
}
