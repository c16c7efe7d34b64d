import { createHash } from 'node:crypto';
import { AppError } from '../errors.js';
import { formatLocal } from '../domain/instant.js';
import { maskPhoneNumber } from '../domain/phone-number.js';
import { safeSegment } from './safe-segment.js';
import type { CallRecord } from '../domain/call-record.js';

/** Fields that a name may be made of. */
const NAME_FIELDS = [
  'date',
  'time',
  'x',
  'a',
  'b',
  'caller',
  'callee',
  'session',
  'icid',
  'direction',
  'file',
] as const;
export type NameField = (typeof NAME_FIELDS)[number];

/** Where a recording lies below the chosen folder, unless told otherwise. */
export const DEFAULT_NAME = '{date}/{x}/{session}.wav';

/** A template that was checked. */
export interface NameTemplate {
  readonly segments: readonly string[];
}

/** How fields are written. */
export interface NameOptions {
  /** Zone of `{date}` and `{time}`. */
  readonly zone: string;
  /** Phone numbers in full; else masked with `x` in place of the digits. */
  readonly showNumbers?: boolean | undefined;
}

/**
 * Reads a template such as `{date}/{x}/{session}.wav`; `/` makes folders, and a `\` is no separator.
 * @throws AppError `flag-invalid` for an unknown field, a `..`, or a template that names no file.
 */
export function parseNameTemplate(text: string): NameTemplate {
  for (const [whole, field = ''] of text.matchAll(/\{([^{}]*)\}/g)) {
    if (!(NAME_FIELDS as readonly string[]).includes(field)) {
      throw new AppError(
        'flag-invalid',
        { zh: `--name：未知字段 ${whole}`, en: `--name: unknown field ${whole}` },
        {
          hint: {
            zh: `字段：${NAME_FIELDS.map((name) => `{${name}}`).join(' ')}。`,
            en: `Fields: ${NAME_FIELDS.map((name) => `{${name}}`).join(' ')}.`,
          },
        },
      );
    }
  }
  if (/[{}]/.test(text.replace(/\{[^{}]*\}/g, '')))
    throw new AppError('flag-invalid', { zh: '--name：花括号没有闭合', en: '--name: a brace is not closed' });
  const segments = text.split('/');
  if (segments.some((segment) => segment.trim() === '..')) {
    throw new AppError('flag-invalid', {
      zh: '--name：不允许 ..；文件只能在 --dir 之下',
      en: '--name: .. is not allowed; the files stay below --dir',
    });
  }
  if ((segments.at(-1) ?? '').trim() === '')
    throw new AppError('flag-invalid', { zh: '--name：模板没有文件名', en: '--name: the template names no file' });
  return { segments: segments.filter((segment) => segment !== '' && segment !== '.') };
}

/**
 * Name of a recording, relative to the chosen folder, with `/` between folders. Each part is safe on every file system, see
 * `safeSegment`; a value never makes a folder of its own. A field that the record lacks reads `unknown`; `{session}` then is
 * the record's ICID, the file's own name, or a hash of the record.
 */
export function recordingName(template: NameTemplate, record: CallRecord, options: NameOptions): string {
  const fields = fieldsOf(record, options);
  return template.segments
    .map((segment) => segment.replace(/\{([^{}]*)\}/g, (_, field: string) => fields[field as NameField] ?? 'unknown'))
    .map(safeSegment)
    .join('/');
}

function fieldsOf(record: CallRecord, options: NameOptions): Readonly<Record<NameField, string | undefined>> {
  const start = record.startedAt ?? record.recording?.startedAt ?? record.answeredAt ?? record.endedAt;
  const local = start === undefined ? undefined : formatLocal(start, options.zone);
  const number = (value: string | undefined): string | undefined =>
    value === undefined || options.showNumbers === true ? value : maskPhoneNumber(value).replaceAll('*', 'x');
  const text = (value: string | undefined): string | undefined => {
    if (!value) return undefined;
    // Since 2022 the platform writes the real numbers of a call into its session ID.
    return options.showNumbers === true ? value : value.replace(/\+\d{10,15}/g, (found) => number(found) ?? '');
  };
  const file = text(record.recording?.fileName ?? lastPartOf(record.recording?.url));
  const [a, b] = record.direction === 'b-to-a' ? [record.callee, record.caller] : [record.caller, record.callee];
  const known = record.direction === 'a-to-b' || record.direction === 'b-to-a';
  return {
    date: local?.slice(0, 10),
    time: local?.slice(11).replaceAll(':', ''),
    x: number(record.x),
    a: known ? number(a) : undefined,
    b: known ? number(b) : undefined,
    caller: number(record.caller),
    callee: number(record.callee),
    session: text(record.sessionId) ?? text(record.icid) ?? stemOf(file) ?? hashOf(record),
    icid: text(record.icid),
    direction: record.direction,
    file,
  };
}

function lastPartOf(url: string | undefined): string | undefined {
  return url === undefined
    ? undefined
    : url
        .replace(/[?#].*$/s, '')
        .split('/')
        .at(-1);
}

function stemOf(file: string | undefined): string | undefined {
  const stem = file?.replace(/\.wav$/i, '');
  return stem === '' ? undefined : stem;
}

function hashOf(record: CallRecord): string {
  return createHash('sha256').update(JSON.stringify(record.raw)).digest('hex').slice(0, 16);
}
