import type { AnswerField, InterfaceDeclaration, Parameter, ParameterValue, Values } from './declaration.js';
import { ValueError } from './value-error.js';
import { fromWire, unitSecondsOf, type WireShape } from './wire-value.js';

/** A request as it arrives: the pairs of its query, unescaped, and its parsed body, if it has one. */
export interface ArrivedRequest {
  readonly query: Iterable<readonly [string, string]>;
  readonly body: unknown;
}

/** What is wrong with one field, by its name on the wire; an empty name means the body itself. */
export interface WireProblem {
  readonly wire: string;
  /** Own name of the parameter; `undefined` when it is the body. */
  readonly name: string | undefined;
  readonly message: string;
}

/** A request in own words. */
export interface DecodedRequest {
  readonly values: Values;
  readonly problems: readonly WireProblem[];
  /** Fields that the declaration does not know, by name on the wire (`preVoice.x`). `app_key` is not among them. */
  readonly unknown: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a request leniently: booleans or their texts, integers or theirs; `null` and the empty text count as absent. A value that
 * cannot be read is a problem and is left out. Mandatory parameters, lengths and rules: see `checkValues`.
 */
export function decodeWire(declaration: InterfaceDeclaration, arrived: ArrivedRequest): DecodedRequest {
  const query: Fields = Object.fromEntries(arrived.query);
  const problems: WireProblem[] = [];
  const body = isObject(arrived.body) ? arrived.body : {};
  if (arrived.body !== undefined && arrived.body !== null && !isObject(arrived.body)) {
    problems.push({ wire: '', name: undefined, message: 'the body is not a JSON object' });
  }
  const values: Record<string, ParameterValue> = {};
  for (const parameter of declaration.parameters) {
    const source = parameter.in === 'query' ? query : body;
    const wire = fieldAt(source, parameter.wire);
    try {
      if (parameter.fixed !== undefined) {
        checkFixed(parameter, wire, source, declaration);
      } else if (wire !== undefined) {
        values[parameter.name] = fromWire(parameter, wire, unitOf(parameter, source));
      }
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      problems.push({ wire: parameter.wire, name: parameter.name, message: `${parameter.wire} ${error.message}` });
    }
  }
  return {
    values,
    problems,
    unknown: { ...unknownOf(declaration, query, 'query'), ...unknownOf(declaration, body, 'body') },
  };
}

/** Reads the named fields of an answer, as leniently; what cannot be read is left out. */
export function decodeAnswer(fields: readonly AnswerField[], answer: Fields): Values {
  const values: Record<string, ParameterValue> = {};
  for (const field of fields) {
    const wire = fieldAt(answer, field.wire);
    if (field.name === undefined || wire === undefined) continue;
    try {
      values[field.name] = fromWire(field, wire, unitOf(field, answer));
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
    }
  }
  return values;
}

/** Whether `value` is a JSON object. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unitOf(shape: WireShape & Pick<Parameter, 'unit'>, source: Fields): 60 | 3600 {
  return shape.unit === undefined ? 3600 : unitSecondsOf(shape.unit, source[shape.unit.wire]);
}

/** A fixed field must say what it says; where the user's choice makes it needless it may be absent. */
function checkFixed(parameter: Parameter, wire: unknown, source: Fields, declaration: InterfaceDeclaration): void {
  if (wire === undefined) {
    const other = declaration.parameters.find((one) => one.name === parameter.fixedUnless);
    if (other === undefined || fieldAt(source, other.wire) === undefined)
      throw new ValueError({ zh: '缺失', en: 'is missing' });
  } else if (wire !== parameter.fixed) {
    throw new ValueError({ zh: `必须是 ${parameter.fixed ?? ''}`, en: `must be ${parameter.fixed ?? ''}` });
  }
}

/** The field, also inside an object; `undefined` for absent, `null` and `''`. */
function fieldAt(source: Fields, wire: string): unknown {
  let value: unknown = source;
  for (const key of wire.split('.')) {
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value === null || value === '' ? undefined : value;
}

function unknownOf(declaration: InterfaceDeclaration, source: Fields, place: 'query' | 'body', prefix = ''): Fields {
  const known = declaration.parameters.filter((one) => one.in === place).flatMap((one) => [one.wire, one.unit?.wire]);
  const unknown: [string, unknown][] = [];
  for (const [key, value] of Object.entries(source)) {
    const wire = prefix + key;
    if (known.includes(wire) || (wire === 'app_key' && declaration.appKeyInQuery === true)) continue;
    const inside = known.some((one) => one?.startsWith(`${wire}.`) === true);
    if (!inside) unknown.push([wire, value]);
    else if (isObject(value)) {
      for (const one of Object.entries(unknownOf(declaration, value, place, `${wire}.`))) unknown.push(one);
    }
  }
  return Object.fromEntries(unknown);
}
