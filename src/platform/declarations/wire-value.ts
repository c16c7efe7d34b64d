import type { AnswerField, ExpiryUnit, Parameter, ParameterValue } from './declaration.js';
import { ValueError } from './value-error.js';

/** What stands in a JSON body. */
export type WireValue = string | number | boolean;

/** The part of a parameter or an answer's field that decides how its value looks on the wire. */
export type WireShape = Pick<Parameter & AnswerField, 'type' | 'choices'> & Pick<Parameter, 'plain'>;

/** Seconds of one unit of an `expiry`. */
export type UnitSeconds = 60 | 3600;

/** Unit that the field of `unit` names; hours, its documented default, when it is absent or unknown. */
export function unitSecondsOf(unit: ExpiryUnit, wire: unknown): UnitSeconds {
  return String(wire) === unit.minutes ? 60 : 3600;
}

/**
 * The wire value of an own value.
 * @param unitSeconds unit in which an `expiry` leaves; it must divide the value.
 * @throws {ValueError} when a choice is none of the declared ones.
 */
export function toWire(shape: WireShape, value: ParameterValue, unitSeconds: UnitSeconds = 3600): WireValue {
  if (shape.type === 'expiry') return Number(value) / unitSeconds;
  if (shape.choices !== undefined) {
    const key = String(value);
    const wire = Object.hasOwn(shape.choices, key) ? shape.choices[key] : undefined;
    if (wire === undefined)
      throw new ValueError({
        zh: `不是 ${Object.keys(shape.choices).join('、')} 之一`,
        en: `not one of ${Object.keys(shape.choices).join(', ')}`,
      });
    return wire;
  }
  return shape.type === 'switch' && shape.plain !== true ? String(value) : value;
}

/**
 * The own value of a wire value, read leniently: texts for booleans and integers and the other way round.
 * @throws {ValueError} when it cannot be one.
 */
export function fromWire(shape: WireShape, wire: unknown, unitSeconds: UnitSeconds = 3600): ParameterValue {
  if (typeof wire !== 'string' && typeof wire !== 'number' && typeof wire !== 'boolean') {
    throw new ValueError({ zh: '不是文本、数或布尔值', en: 'is neither text, number nor boolean' });
  }
  switch (shape.type) {
    case 'switch':
      return switchOf(shape, String(wire).toLowerCase());
    case 'choice': {
      const found = Object.entries(shape.choices ?? {}).find(([, value]) => String(value) === String(wire));
      if (found === undefined) throw new ValueError({ zh: '不是文档中的值', en: 'is none of the documented values' });
      return found[0];
    }
    case 'seconds':
    case 'minutes':
    case 'integer':
      return integerOf(wire);
    case 'expiry':
      return integerOf(wire) * unitSeconds;
    default:
      return String(wire);
  }
}

function switchOf(shape: WireShape, text: string): boolean {
  for (const [key, value] of Object.entries(shape.choices ?? { true: '1', false: '0' })) {
    if (text === String(value) || text === key) return key === 'true';
  }
  throw new ValueError({ zh: '不是 true 或 false', en: 'is neither true nor false' });
}

function integerOf(wire: WireValue): number {
  const text = String(wire).trim();
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new ValueError({ zh: '不是整数', en: 'is not an integer' });
  // `-0` would not equal the 0 it means.
  return value + 0;
}
