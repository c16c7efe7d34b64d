import type { InterfaceDeclaration, Parameter, ParameterValue, Values } from './declaration.js';
import { toWire, type UnitSeconds } from './wire-value.js';

/** A request in the platform's own words, before it is signed. */
export interface EncodedRequest {
  readonly method: InterfaceDeclaration['method'];
  readonly path: string;
  /** Query with its values escaped, `+` as `%2B`; `''` without any. */
  readonly query: string;
  /** Keys in the order of the declaration; `undefined` for GET and DELETE. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Writes own values as a request. Nothing is checked: see `checkValues`; names that the declaration lacks are left out.
 * @param appKey needed where `app_key` stands in the query (AXYB).
 * @throws {ValueError} when a choice is none of the declared ones.
 */
export function encodeRequest(declaration: InterfaceDeclaration, values: Values, appKey = ''): EncodedRequest {
  const query: string[] = declaration.appKeyInQuery === true ? [`app_key=${encodeURIComponent(appKey)}`] : [];
  const body: Record<string, unknown> = {};
  const unitSeconds = commonUnit(declaration.parameters, values);
  for (const parameter of declaration.parameters) {
    const value = valueOf(parameter, values);
    if (value === undefined) continue;
    const wire = parameter.fixed ?? toWire(parameter, value, unitSeconds);
    if (parameter.in === 'query') {
      query.push(`${parameter.wire}=${encodeURIComponent(String(wire))}`);
      continue;
    }
    const { unit } = parameter;
    if (unit !== undefined && !Object.hasOwn(body, unit.wire) && (unitSeconds === 60 || unit.always === true)) {
      body[unit.wire] = unitSeconds === 60 ? unit.minutes : unit.hours;
    }
    setAt(body, parameter.wire, wire);
  }
  const hasBody = declaration.method === 'POST' || declaration.method === 'PUT';
  return {
    method: declaration.method,
    path: declaration.path,
    query: query.join('&'),
    body: hasBody ? body : undefined,
  };
}

/** Value that leaves for `parameter`: the user's, or the fixed one where it belongs; `undefined` = not sent. */
function valueOf(parameter: Parameter, values: Values): ParameterValue | undefined {
  if (parameter.fixed === undefined) return values[parameter.name];
  return parameter.fixedUnless !== undefined && values[parameter.fixedUnless] !== undefined
    ? undefined
    : parameter.fixed;
}

/** Hours when every expiry is a whole number of them, else minutes. */
function commonUnit(parameters: readonly Parameter[], values: Values): UnitSeconds {
  const expiries = parameters.filter((one) => one.type === 'expiry').map((one) => Number(values[one.name] ?? 0));
  return expiries.every((seconds) => seconds % 3600 === 0) ? 3600 : 60;
}

function setAt(body: Record<string, unknown>, wire: string, value: unknown): void {
  const [outer = '', inner] = wire.split('.');
  if (inner === undefined) body[outer] = value;
  else body[outer] = { ...(body[outer] as Record<string, unknown> | undefined), [inner]: value };
}
