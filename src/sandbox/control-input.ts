import { maskPhoneNumber, parsePhoneNumber, PhoneNumberError } from '../domain/phone-number.js';
import { AppError } from '../errors.js';
import type { Ask } from './send-sms.js';
import type { SandboxApplication, SandboxNumber, SandboxState } from './state.js';

/** What a control request works with. */
export interface ControlContext {
  readonly state: SandboxState;
  readonly ask: Ask;
  /** By the clock of the sandbox. */
  readonly now: Date;
  readonly hostNow: Date;
}

/** Body of a control request. */
export type Fields = Readonly<Record<string, unknown>>;

/** So many requests can a fault be for. */
export const MOST_FAULTS = 1_000_000;
/** The largest seed. */
export const MOST_SEED = 2 ** 31;

/** What a control request says cannot be used. */
export function invalid(message: string): AppError {
  return new AppError('flag-invalid', message);
}

/** A phone number as people type it, in global format. @throws AppError `flag-invalid`. */
export function phone(fields: Fields, name: string): string {
  try {
    return parsePhoneNumber(text(fields, name) ?? '');
  } catch (error) {
    if (error instanceof PhoneNumberError) throw invalid(`${name}: ${error.message}`);
    throw error;
  }
}

/** A text. @throws AppError `flag-invalid`. */
export function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`${name} must be a text`);
  return value;
}

/** A whole number from 0 to `most`. @throws AppError `flag-invalid`. */
export function whole(fields: Fields, name: string, most: number): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
    throw invalid(`${name} must be a whole number from 0 to ${most}`);
  }
  return value;
}

/** A switch. @throws AppError `flag-invalid`. */
export function flag(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw invalid(`${name} must be true or false`);
  return value;
}

/** The number `x` and the application it belongs to. @throws AppError `number-not-found`. */
export function findNumber(state: SandboxState, x: string): { number: SandboxNumber; application: SandboxApplication } {
  const number = state.numbers.find((candidate) => candidate.x === x);
  const application = state.applications.find(({ mode }) => mode === number?.mode);
  if (number === undefined || application === undefined) {
    throw new AppError('number-not-found', `${maskPhoneNumber(x)} is no number of the sandbox`, {
      // In parts, for whole numbers are masked in errors.
      hint: 'It has 12 for each mode, 1700000 and then 0101 to 0112 (AX), 0201… (AXB), 0301… (AXE), 0401… (AXYB), 0501… (X).',
    });
  }
  return { number, application };
}
