import { RowIndex } from './row-index.js';
import type { BindingMode } from '../../domain/mode.js';
import type { TextPair } from '../../domain/text-pair.js';
import type { Values } from '../../platform/declarations/declaration.js';
import type { BulkOperation } from './operations.js';

/** Finds rows that cannot both be done. Holds a few bytes a row. */
export interface Repeats {
  /**
   * Enters a row.
   * @param line its line in the file.
   * @returns why it cannot be done beside an earlier one, or `undefined`.
   */
  enter(values: Values, line: number): TextPair | undefined;
}

/** The rules by which rows of a file exclude each other: the same row twice; in AXB a user twice on one X; in AX a second A on an X; in AXE an extension twice. */
export function buildRepeats(operation: BulkOperation, mode: BindingMode): Repeats {
  const seen = new RowIndex();
  return {
    enter: (values, line) => {
      const keys = operation === 'bind' ? bindKeys(mode, values) : [nameOf(values)];
      const hits = keys.map((key) => seen.enter(key, line));
      const first = hits.find((hit) => hit !== undefined);
      if (first === undefined) return undefined;
      if (operation !== 'bind' || keys.length === 1 || hits.every((hit) => hit === first))
        return { zh: `与第 ${first} 行相同`, en: `the same as row ${first}` };
      return {
        zh: `本行的 A 或 B 已在第 ${first} 行的同一 X 号码上：一个用户在一个 X 号码上只能绑定一次`,
        en: `A or B of this row is on the same X in row ${first} already: a user can be on an X once`,
      };
    },
  };
}

function bindKeys(mode: BindingMode, { a, b, x, id, extension, area }: Values): string[] {
  const key = (...parts: readonly unknown[]): string => parts.map(String).join(' ');
  switch (mode) {
    case 'axb':
      return x === undefined ? [key('p', a, b)] : [key('u', x, a), key('u', x, b)];
    case 'ax':
      return [x === undefined ? key('a', a, area) : key('x', x)];
    case 'axe':
      return [extension === undefined ? key('a', a, x ?? area) : key('e', x, extension)];
    case 'axyb':
      return [id === undefined ? key('a', a) : key('y', id, b)];
  }
}

function nameOf({ id, a, b, x, y, extension }: Values): string {
  return id === undefined
    ? ['n', a, b, x, y, extension].map(String).join(' ')
    : `i ${String(id)} ${String(y)} ${String(b)}`;
}
