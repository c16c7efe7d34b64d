import type { Binding, BindingDirection } from '../domain/binding.js';
import type { BindingMode } from '../domain/mode.js';
import { AppError } from '../errors.js';
import type { InterfaceDeclaration, Values } from './declarations/declaration.js';
import { decodeAnswer, isObject } from './declarations/decode-wire.js';
import type { Answer } from './platform.js';

/** Sends one request of a declared interface: `Platform.call`. */
export type Call = (declaration: InterfaceDeclaration, values: Values) => Promise<Answer>;

/** What differs from mode to mode; unbind and update are alike in all. */
export interface ModeClient {
  /** @param now instant from which the life of the binding counts. */
  bind(call: Call, values: Values, now: () => Date): Promise<Binding>;
  query(call: Call, values: Values): AsyncIterable<Binding>;
}

/** A new binding from its request and its answer; where both name a value the answer counts. */
export interface BoundFrom {
  readonly mode: BindingMode;
  readonly declaration: InterfaceDeclaration;
  readonly values: Values;
  readonly answer: Answer;
  readonly createdAt: Date;
  /** Life by the answer, the request or the platform's default; 0 never ends, `undefined` = not known. */
  readonly ttlSeconds: number | undefined;
}

/** @throws AppError `outcome-unknown` when the answer lacks the binding ID. */
export function boundBinding(from: BoundFrom): Binding {
  const { mode, declaration, answer, createdAt, ttlSeconds } = from;
  const defaults = Object.fromEntries(
    declaration.parameters
      .filter((one) => ['record', 'sms', 'direction'].includes(one.name))
      .map((one) => [one.name, one.default]),
  );
  const { record, ...asked } = { ...defaults, ...defined(from.values) };
  const binding = bindingOf(
    mode,
    { recording: record, ...asked, ...decodeAnswer(declaration.answer, answer.body) },
    answer.body,
  );
  if (binding.subscriptionId === '') {
    throw new AppError(
      'outcome-unknown',
      { zh: `${declaration.id} 的应答中没有绑定ID`, en: `the answer to ${declaration.id} has no binding ID` },
      {
        platform: { httpStatus: answer.status },
      },
    );
  }
  return { ...binding, createdAt, expiresAt: expiryOf(createdAt, ttlSeconds) };
}

/** A binding of a query's answer; what the answer lacks is taken from `known`. */
export function foundBinding(
  mode: BindingMode,
  declaration: InterfaceDeclaration,
  raw: Readonly<Record<string, unknown>>,
  known: Values = {},
): Binding {
  return bindingOf(mode, { ...known, ...decodeAnswer(declaration.answer, raw) }, raw);
}

/** The objects of a list in an answer; none when the field is missing or no list. */
export function listOf(answer: Answer, name: string | undefined): readonly Readonly<Record<string, unknown>>[] {
  const list: unknown = name === undefined ? undefined : answer.body[name];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/**
 * The answer of a query; `undefined` when the platform says that there is no such binding. `1010002` means that only where its text
 * says so (seen in other clients): else it is a fault of the request.
 */
export async function ifFound(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError) {
      const { resultcode, resultdesc = '' } = error.platform ?? {};
      if (error.code === 'binding-not-found') return undefined;
      if (resultcode === '1010002' && /not exist/i.test(resultdesc)) return undefined;
    }
    throw error;
  }
}

function expiryOf(from: Date, ttlSeconds: number | undefined): Date | null | undefined {
  if (ttlSeconds === undefined) return undefined;
  return ttlSeconds === 0 ? null : new Date(from.getTime() + ttlSeconds * 1000);
}

function bindingOf(mode: BindingMode, values: Values, raw: Readonly<Record<string, unknown>>): Binding {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const flag = (name: string): boolean | undefined => {
    const value = values[name];
    return typeof value === 'boolean' ? value : undefined;
  };
  return {
    kind: 'Binding',
    subscriptionId: text('subscriptionId') ?? '',
    mode,
    a: text('a'),
    b: text('b'),
    x: text('x'),
    y: text('y'),
    extension: text('extension'),
    direction: text('direction') as BindingDirection | undefined,
    recording: flag('recording'),
    sms: flag('sms'),
    userData: text('userData'),
    subscribeTime: text('subscribeTime'),
    raw,
  };
}

function defined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** An integer among own values. */
export function integerOf(values: Values, name: string): number | undefined {
  const value = values[name];
  return typeof value === 'number' ? value : undefined;
}
