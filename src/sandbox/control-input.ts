import { maskPhoneNumber, parsePhoneNumber, PhoneNumberError } from '../domain/phone-number.js';
import { wordsOfError } from '../domain/text-error.js';
import type { TextPair } from '../domain/text-pair.js';
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
export function invalid(words: TextPair): AppError {
  return new AppError('flag-invalid', words);
}

/** A phone number as people type it, in global format. @throws AppError `flag-invalid`. */
export function phone(fields: Fields, name: string): string {
  try {
    return parsePhoneNumber(text(fields, name) ?? '');
  } catch (error) {
    if (error instanceof PhoneNumberError)
      throw invalid({ zh: `${name}：${wordsOfError(error).zh}`, en: `${name}: ${error.message}` });
    throw error;
  }
}

/** A text. @throws AppError `flag-invalid`. */
export function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid({ zh: `${name} 必须是文本`, en: `${name} must be a text` });
  return value;
}

/** A whole number from 0 to `most`. @throws AppError `flag-invalid`. */
export function whole(fields: Fields, name: string, most: number): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
    throw invalid({ zh: `${name} 必须是 0 到 ${most} 的整数`, en: `${name} must be a whole number from 0 to ${most}` });
  }
  return value;
}

/** A switch. @throws AppError `flag-invalid`. */
export function flag(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean')
    throw invalid({ zh: `${name} 必须是 true 或 false`, en: `${name} must be true or false` });
  return value;
}

/** The number `x` and the application it belongs to. @throws AppError `number-not-found`. */
export function findNumber(state: SandboxState, x: string): { number: SandboxNumber; application: SandboxApplication } {
  const number = state.numbers.find((candidate) => candidate.x === x);
  const application = state.applications.find(({ mode }) => mode === number?.mode);
  if (number === undefined || application === undefined) {
    throw new AppError(
      'number-not-found',
      { zh: `${maskPhoneNumber(x)} 不是沙箱的号码`, en: `${maskPhoneNumber(x)} is no number of the sandbox` },
      {
        // In parts, for whole numbers are masked in errors.
        hint: {
          zh: '每种模式有 12 个号码：1700000 加 0101 到 0112（AX）、0201…（AXB）、0301…（AXE）、0401…（AXYB）、0501…（X）。',
          en: 'It has 12 for each mode, 1700000 and then 0101 to 0112 (AX), 0201… (AXB), 0301… (AXE), 0401… (AXYB), 0501… (X).',
        },
      },
    );
  }
  return { number, application };
}
