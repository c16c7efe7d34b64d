import { AppError } from '../../errors.js';
import { normalizeHeading } from '../../tables/normalize-heading.js';
import { quoteHeading } from '../../tables/read-table.js';
import type { Parameter } from '../../platform/declarations/declaration.js';
import { headingsOf } from './column-headings.js';

/** Own name → heading, as typed after `--map`. */
export type ColumnMapping = Readonly<Record<string, string>>;

/** Which columns of a file hold what. */
export interface RowColumns {
  readonly headings: readonly string[];
  /** Columns of each parameter, indices from 0; several where a file says the same twice, as a results file does. */
  readonly fields: ReadonlyMap<Parameter, readonly number[]>;
  /** Headings of columns that nothing is read from. */
  readonly unknown: readonly string[];
}

/**
 * Finds the columns of the parameters among the headings; `mapping` goes before the usual headings.
 * @param name names the file in errors.
 * @throws AppError `flag-invalid` for a mapping of something unknown, `input-invalid` when no column can be read, or two of one heading.
 */
export function findRowColumns(
  headings: readonly string[],
  parameters: readonly Parameter[],
  how: { readonly mapping: ColumnMapping; readonly name: string },
): RowColumns {
  const mapped = readMapping(headings, parameters, how);
  const taken = new Set([...mapped.values()].flat());
  const normalized = headings.map(normalizeHeading);
  const fields = new Map<Parameter, readonly number[]>();
  for (const parameter of parameters) {
    const own = mapped.get(parameter);
    const known = new Set(headingsOf(parameter).map(normalizeHeading));
    const found = own ?? indicesWhere(normalized, (heading, index) => !taken.has(index) && known.has(heading));
    refuseOneHeading(headings, found, how.name);
    if (found.length > 0) fields.set(parameter, found);
    if (own === undefined) for (const index of found) taken.add(index);
  }
  if (fields.size === 0) {
    const shown = headings.slice(0, 20).map(quoteHeading).join(', ');
    throw new AppError(
      'input-invalid',
      {
        zh: `${how.name}：没有可识别的列；表头为 ${shown}`,
        en: `${how.name}: no column is known; the headings are ${shown}`,
      },
      {
        hint: {
          zh: '用 --template 查看可用的表头，或用 --map 指定：--map a=主叫,b=被叫',
          en: 'See what they can be with --template, or name them: --map a=主叫,b=被叫',
        },
      },
    );
  }
  const unknown = headings.filter((heading, index) => !taken.has(index) && heading !== '');
  return { headings, fields, unknown };
}

function readMapping(
  headings: readonly string[],
  parameters: readonly Parameter[],
  { mapping, name }: { readonly mapping: ColumnMapping; readonly name: string },
): Map<Parameter, readonly number[]> {
  const mapped = new Map<Parameter, readonly number[]>();
  const normalized = headings.map(normalizeHeading);
  for (const [field, heading] of Object.entries(mapping)) {
    const parameter = parameters.find((one) => one.name === field || one.flag === field);
    if (parameter === undefined) {
      const names = parameters.map((one) => one.name).join(', ');
      throw new AppError('flag-invalid', {
        zh: `--map ${field}：这里没有该列；可用的有 ${names}`,
        en: `--map ${field}: there is no such column here; one of ${names}`,
      });
    }
    const found = indicesWhere(normalized, (one) => one === normalizeHeading(heading));
    if (found.length === 0) {
      throw new AppError('flag-invalid', {
        zh: `--map ${field}：${name} 没有表头 ${quoteHeading(heading)}`,
        en: `--map ${field}: ${name} has no heading ${quoteHeading(heading)}`,
      });
    }
    mapped.set(parameter, found);
  }
  return mapped;
}

/** Which of two columns of one heading is meant cannot be told. */
function refuseOneHeading(headings: readonly string[], indices: readonly number[], name: string): void {
  const seen = new Map<string, number>();
  for (const index of indices) {
    const heading = normalizeHeading(headings[index] ?? '');
    const first = seen.get(heading);
    seen.set(heading, index);
    if (first === undefined) continue;
    const [one = '', other = ''] = [first, index].map((at) => `${at + 1} ${quoteHeading(headings[at])}`);
    throw new AppError(
      'input-invalid',
      {
        zh: `${name}：两列的表头相同：${one} 和 ${other}`,
        en: `${name}: two columns of one heading: ${one} and ${other}`,
      },
      { hint: { zh: '请把不需要的那一列改为别的表头。', en: 'Give the one that is not meant another heading.' } },
    );
  }
}

function indicesWhere(
  headings: readonly string[],
  fits: (heading: string, index: number) => boolean,
): readonly number[] {
  return headings.map((heading, index) => (fits(heading, index) ? index : -1)).filter((index) => index >= 0);
}
