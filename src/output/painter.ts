import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { formatDuration } from '../domain/duration.js';
import { formatLocal } from '../domain/instant.js';
import { maskPhoneNumber, maskText } from '../domain/phone-number.js';
import { safeLine } from './safe-text.js';
import type { CellPainter } from './view.js';
import { Told } from '../domain/text-pair.js';

/** What a painter needs to know of the flags and the terminal. */
export interface PaintOptions {
  readonly zone: string;
  readonly lang: 'zh' | 'en';
  readonly mask: boolean;
  readonly colour: boolean;
}

/** Formats cells for people. Looks at nothing but its argument. */
export function buildPainter(options: PaintOptions): CellPainter {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  return {
    lang: options.lang,
    instant: (at) => (at === undefined ? undefined : at === null ? '—' : formatLocal(at, options.zone)),
    seconds: (value) => (value === undefined ? undefined : formatDuration(value)),
    number: (value) => (value === undefined ? undefined : safeLine(options.mask ? maskPhoneNumber(value) : value)),
    text: (value) => (value === undefined ? undefined : safeLine(options.mask ? maskText(value) : value)),
    words: (text) => {
      const words = options.lang === 'zh' ? (text?.zh ?? text?.en) : (text?.en ?? text?.zh);
      return words === undefined || words === null ? undefined : safeLine(words);
    },
    width: (text) => stringWidth(text),
    good: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    faint: (text) => chalk.dim(text),
  };
}

/** A value without a painter of its own, by its type. */
export function paintValue(value: unknown, field: string, paint: CellPainter): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return paint.instant(value);
  if (typeof value === 'boolean') return paint.words(value ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' });
  if (typeof value === 'number') return String(value);
  if (value instanceof Told) return paint.text(value.in(paint.lang));
  if (typeof value !== 'string') return paint.text(JSON.stringify(value));
  const name = field.slice(field.lastIndexOf('.') + 1);
  if (/^(a|b|x|y|caller|callee|key|number|to)$/.test(name)) return paint.number(value);
  // An ID is there to be copied into the next command; a run of digits in it is no number.
  return /(Id|^id|^icid)$/.test(name) && !field.startsWith('raw.') ? safeLine(value) : paint.text(value);
}
