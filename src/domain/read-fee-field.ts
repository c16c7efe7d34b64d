import { callDirection } from './call-record.js';
import { q850Cause, releasePoint } from './cause-lookup.js';
import type { Cause } from './cause.js';
import { formatDuration } from './duration.js';
import { feeCode } from './fee-code.js';
import { feeField, type FeeField } from './fee-fields.js';
import { textField } from './field.js';
import { parsePlatformTime } from './instant.js';
import type { TextPair } from './text-pair.js';

/** One field of one CDR, explained. */
export interface ReadFeeField {
  readonly field: string;
  /** As it came. */
  readonly value: unknown;
  /** What the field means; `undefined` where it is not documented. */
  readonly meaning?: TextPair | undefined;
  /** The value as an instant, for times. */
  readonly at?: Date | undefined;
  /** The value in words, for codes. */
  readonly reads?: TextPair | undefined;
}

const DIRECTIONS: Readonly<Record<string, TextPair>> = {
  'b-to-a': { zh: '其他用户呼叫A', en: 'the other party called A' },
  'a-to-b': { zh: 'A呼叫其他用户', en: 'A called the other party' },
  abnormal: { zh: '异常，例如没有绑定', en: 'abnormal, e.g. no binding' },
};
const SERVICES: ReadonlyMap<string, TextPair> = new Map([
  ['003', { zh: 'AX', en: 'AX' }],
  ['004', { zh: 'AXB 或 X', en: 'AXB or X' }],
  ['007', { zh: 'AXYB', en: 'AXYB' }],
]);
const RECORDED: ReadonlyMap<string, TextPair> = new Map([
  ['0', { zh: '未录音', en: 'not recorded' }],
  ['1', { zh: '已录音', en: 'recorded' }],
]);
const EMPTY: TextPair = { zh: '空', en: 'empty' };

function causeWords(cause: Cause | undefined): TextPair | undefined {
  const { zh, en } = cause ?? {};
  if (zh === undefined && en === undefined) return undefined;
  return { zh: zh ?? en ?? '', en: en ?? zh ?? '' };
}

function codeWords(raw: Readonly<Record<string, unknown>>, { name, type }: FeeField): TextPair | undefined {
  const code = feeCode(raw, name);
  const text = textField(raw, name);
  if (code === undefined || text === undefined) return type === 'number' || type === 'time' ? EMPTY : undefined;
  switch (type) {
    case 'direction':
      return DIRECTIONS[callDirection(code) ?? ''];
    case 'release':
      return causeWords(releasePoint(code));
    case 'q850':
      return causeWords(q850Cause(code));
    case 'service':
      return SERVICES.get(text.padStart(3, '0'));
    case 'recorded':
      return RECORDED.get(code);
    case 'seconds': {
      const seconds = Number(text);
      if (!(seconds >= 0 && seconds < Infinity)) return undefined;
      return { zh: formatDuration(seconds), en: formatDuration(seconds) };
    }
    default:
      return undefined;
  }
}

/**
 * Every field of a CDR in the order in which it came, with its meaning and what its value says. Times of the platform are UTC.
 * @param raw the fee object as it came.
 * Source: FeeInfo, privatenumber_02_0006a / 0006_1a / 0006_2a / 0006_3a (read 2026-07).
 */
export function readFeeFields(raw: Readonly<Record<string, unknown>>): ReadFeeField[] {
  return Object.entries(raw).map(([name, value]) => {
    const known = feeField(name);
    if (known === undefined) return { field: name, value };
    const at = known.type === 'time' ? parsePlatformTime(value) : undefined;
    return { field: name, value, meaning: known.meaning, at, reads: codeWords(raw, known) };
  });
}
