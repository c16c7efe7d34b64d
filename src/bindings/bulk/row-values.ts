import { counted } from '../../domain/counted.js';
import { wordsOfError } from '../../domain/text-error.js';
import { CellError, parseAreaCodeCell, parseSwitchCell, plainCell } from '../../tables/number-cell.js';
import { quoteHeading, type TableRow } from '../../tables/read-table.js';
import { checkValues } from '../../platform/declarations/check-values.js';
import { flagOf } from '../../platform/declarations/flag-of.js';
import { parseValue } from '../../platform/declarations/parse-value.js';
import { ValueError } from '../../platform/declarations/value-error.js';
import type { BindingMode } from '../../domain/mode.js';
import type { Parameter, ParameterValue, Values } from '../../platform/declarations/declaration.js';
import { rowDeclaration, type BulkOperation } from './operations.js';
import type { RowColumns } from './row-columns.js';
import type { TextPair } from '../../domain/text-pair.js';

/** How the rows of one file become requests. */
export interface RowReading {
  readonly operation: BulkOperation;
  readonly mode: BindingMode;
  readonly columns: RowColumns;
  /** What every row has unless its own cell says otherwise. */
  readonly defaults: Values;
}

/** The values of one row, or why it cannot be used. */
export type ReadRow =
  { readonly values: Values; readonly warnings: readonly TextPair[] } | { readonly problem: TextPair };

const ROUNDED = /^\d(?:[.,]\d+)?E\+?\d+$/i;
const DIRECTIONS: Readonly<Record<string, string>> = {
  双向: 'both',
  a呼b: 'a-to-b',
  b呼a: 'b-to-a',
  'a→b': 'a-to-b',
  'b→a': 'b-to-a',
};

/** Reads and checks one row by the declaration of its interface, offline. Numbers never stand in a problem. */
export function readRow(reading: RowReading, row: TableRow): ReadRow {
  const { columns, defaults } = reading;
  const surplus = row.cells.findIndex((cell, index) => index >= columns.headings.length && cell.trim() !== '');
  if (surplus >= 0)
    return {
      problem: {
        zh: `有 ${row.cells.length} 个单元格，而文件只有 ${columns.headings.length} 个表头`,
        en: `${counted(row.cells.length, 'cell')}, but the file has ${counted(columns.headings.length, 'heading')}`,
      },
    };
  const values: Record<string, ParameterValue | undefined> = { ...defaults };
  for (const [parameter, indices] of columns.fields) {
    for (const index of indices) {
      const cell = row.cells[index] ?? '';
      if (cell.trim() === '') continue;
      let value: ParameterValue | undefined;
      try {
        value = readCell(parameter, cell);
      } catch (error) {
        if (!(error instanceof CellError || error instanceof ValueError)) throw error;
        const heading = quoteHeading(columns.headings[index]);
        const why = wordsOfError(error);
        return { problem: { zh: `${heading} 列：${why.zh}`, en: `column ${heading}: ${why.en}` } };
      }
      const [first = index] = indices;
      if (
        index !== first &&
        values[parameter.name] !== undefined &&
        (row.cells[first] ?? '').trim() !== '' &&
        values[parameter.name] !== value
      ) {
        const [own = '', other = ''] = [columns.headings[index], columns.headings[first]].map(quoteHeading);
        return {
          problem: { zh: `${own} 列与 ${other} 列不一致`, en: `column ${own} says something else than ${other}` },
        };
      }
      values[parameter.name] = value;
    }
  }
  return check(reading, values);
}

function check(reading: RowReading, values: Values): ReadRow {
  const declaration = rowDeclaration(reading.operation, reading.mode, values.id !== undefined);
  const names = new Set(declaration.parameters.map(({ name }) => name));
  // What only serves to find the ID is no part of the request.
  const sent = reading.operation === 'bind' ? values : pick(values, (name) => names.has(name));
  const { problems, warnings } = checkValues(declaration, sent);
  const [problem] = problems;
  if (problem === undefined) return { values, warnings };
  if (reading.operation === 'unbind' && problem.kind === 'missing' && hasNumbers(values)) return { values, warnings };
  const named = (text: string, columnNamed: (heading: string) => string): string =>
    text.replace(/(?<![\w-])--?[a-z][\w-]*/gi, (flag) => {
      const parameter = declaration.parameters.find((one) => flagOf(one) === flag);
      return parameter === undefined ? flag : columnNamed(columnOf(reading, parameter.name));
    });
  const zh = named(problem.words.zh, (heading) => `${heading} 列`);
  const en = named(problem.words.en, (heading) => `column ${heading}`);
  const isThere = [...reading.columns.fields.keys()].some(({ name }) => name === problem.name);
  return {
    problem: isThere
      ? { zh: zh.replace(/^缺少 (.*)$/, '$1为空'), en: en.replace(/ is missing\b/, ' is empty') }
      : { zh, en },
  };
}

/** The heading of a parameter's column, or the name by which the file may have one. */
function columnOf({ columns }: RowReading, name: string): string {
  const [, indices = []] = [...columns.fields].find(([one]) => one.name === name) ?? [];
  const [first] = indices;
  return quoteHeading(first === undefined ? name : columns.headings[first]);
}

/** Whether the ledger can find the binding by these numbers. */
function hasNumbers(values: Values): boolean {
  return values.a !== undefined || values.b !== undefined;
}

function pick(values: Values, wanted: (name: string) => boolean): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted(name)));
}

function readCell(parameter: Parameter, cell: string): ParameterValue | undefined {
  switch (parameter.type) {
    case 'switch':
      return parseSwitchCell(cell);
    case 'city':
      return parseAreaCodeCell(cell);
    case 'text':
    case 'tone':
    case 'user-data':
      // The mark that this tool itself sets before what a spreadsheet would run.
      return cell.trim().replace(/^'(?=[=+\-@])/, '');
    case 'choice': {
      const text = plainCell(cell);
      return parseValue(parameter, parameter.name === 'direction' ? (DIRECTIONS[text.toLowerCase()] ?? text) : text);
    }
    default: {
      const text = plainCell(cell);
      if (ROUNDED.test(text))
        throw new ValueError({
          zh: '像是被电子表格取整的数字；请把该列设为文本后重新导出',
          en: 'looks like a number that a spreadsheet rounded; format the column as text and export again',
        });
      return parseValue(parameter, text);
    }
  }
}
