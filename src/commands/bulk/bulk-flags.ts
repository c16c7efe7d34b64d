import type { Command } from 'commander';
import { AppError } from '../../errors.js';
import { demandPartner } from '../flag-partners.js';
import { parseWaitMs, parseWithin } from '../parse-flags.js';

/** Flags of a run over many rows. */
export interface RunFlags {
  readonly rate?: string;
  readonly concurrency?: string;
  readonly maxErrors?: string;
  readonly pause?: string;
  readonly out?: string;
  readonly rejects?: string;
}

/** Flags that make `bind`, `unbind` and `update` work on a file. */
export interface BulkFlags extends RunFlags {
  readonly file?: string;
  readonly template?: boolean;
  readonly map?: string;
}

/** A run's flags as they are meant. */
export interface RunSettings {
  /** Infinity = as fast as the answers come. */
  readonly ratePerSecond: number;
  readonly concurrency: number;
  readonly pauseMs: number;
  /** Most rows that may fail, of so many that are to be sent. */
  readonly maxErrors: (toSend: number) => number;
  readonly out: string | undefined;
  readonly rejects: string | undefined;
}

/** Adds the flags of a run. @param when put before their help: `with --file: `. */
export function addRunFlags(command: Command, when = ''): void {
  command
    .option('--rate <rate>', `${when}requests at most, such as 5/s, 300/m or max (default: 5/s)`)
    .option('--concurrency <count>', `${when}requests at once (default: 2)`)
    .option('--max-errors <count>', `${when}stop after so many failed rows; 5% of those to send (default: never)`)
    .option('--pause <time>', `${when}pause of the whole run when the platform limits the requests (default: 60s)`)
    .option('--out <file>', `${when}write a CSV of every row and its outcome; where the input has an x, ours is x_2`)
    .option('--rejects <file>', `${when}write a CSV of the refused rows, to mend and run again`);
}

/** Adds the flags of `bind`, `unbind` and `update` for many rows. */
export function addBulkFlags(command: Command): void {
  command
    .option('--file <file>', 'many at once: one row each of a CSV; - for stdin')
    .option('--template', 'print the headings that the file can have, and a row as an example')
    .option('--map <list>', 'with --file: headings of your own: a=主叫,b=被叫');
  addRunFlags(command, 'with --file: ');
}

/** Whether the command works on a file. @throws AppError `flag-conflict` for a flag that needs `--file`. */
export function isBulk(flags: BulkFlags): boolean {
  if (flags.file !== undefined || flags.template === true) return true;
  demandPartner(flags, ['map', 'rate', 'concurrency', 'maxErrors', 'pause', 'out', 'rejects'], '--file');
  return false;
}

/** @throws AppError `flag-invalid` naming the flag. */
export function readRunFlags(flags: RunFlags): RunSettings {
  return {
    ratePerSecond: flags.rate === undefined ? 5 : parseRate(flags.rate),
    concurrency:
      flags.concurrency === undefined ? 2 : parseWithin('--concurrency', flags.concurrency, { most: MOST_AT_ONCE }),
    pauseMs: parseWaitMs('--pause', flags.pause ?? '60s', { orNone: true }),
    maxErrors: parseMaxErrors(flags.maxErrors),
    out: flags.out,
    rejects: flags.rejects,
  };
}

/** The platform limits requests long before; with very many a run does nothing but begin. */
const MOST_AT_ONCE = 1000;

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

function parseRate(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const [, count = '', unit = 's'] = /^(\d+(?:\.\d+)?)(?:\/([smh]))?$/.exec(text.trim()) ?? [];
  const rate = Number(count) / (UNIT_SECONDS[unit] ?? 1);
  if (count === '' || rate <= 0)
    throw new AppError('flag-invalid', {
      zh: `--rate ${text}：写法为 5/s、300/m 或 max`,
      en: `--rate ${text}: must be like 5/s, 300/m or max`,
    });
  return rate;
}

function parseMaxErrors(text: string | undefined): RunSettings['maxErrors'] {
  if (text === undefined) return () => Number.POSITIVE_INFINITY;
  const [, number, share] = /^(\d+(?:\.\d+)?)\s*([%％])?$/.exec(text.trim()) ?? [];
  const most = Number(number);
  if (share !== undefined && most <= 100) return (toSend) => Math.floor((toSend * most) / 100);
  if (share === undefined && Number.isSafeInteger(most)) return () => most;
  throw new AppError('flag-invalid', {
    zh: `--max-errors ${text}：必须是整数或比例，如 5%`,
    en: `--max-errors ${text}: must be a whole number, or a share such as 5%`,
  });
}

/** Own name → heading. @throws AppError `flag-invalid`. */
export function parseMapping(text: string | undefined): Readonly<Record<string, string>> {
  const pairs = (text ?? '').split(/[,，]/).filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = '', heading = ''] = /^\s*([\w-]+)\s*[=＝]\s*(.+?)\s*$/.exec(pair) ?? [];
      if (name === '' || name === '__proto__')
        throw new AppError('flag-invalid', {
          zh: `--map ${pair}：写法为 a=主叫,b=被叫`,
          en: `--map ${pair}: must be like a=主叫,b=被叫`,
        });
      return [name, heading];
    }),
  );
}
