import type { Sink } from '../context.js';
import { wrapText } from './wrap-text.js';

const COLOUR = /\u001b\[[0-9;]*m/g;
/** What stands before a line of talk; its further lines stand behind it. */
const LABEL = /^(?:错误|提示|警告)：|^(?:error|hint|warning): +/;
/** Further lines of what has no label. */
const INDENT = 2;
/** With less room a line is left to the terminal. */
const LEAST_COLUMNS = 20;

/**
 * Lines of talk as a terminal shows them without breaking words: what is too long goes on below, indented. Whoever is no terminal gets whole lines.
 * @param text one or more lines, perhaps coloured, with or without a last line break.
 */
export async function foldText(
  { isTerminal, columns }: Pick<Sink, 'isTerminal' | 'columns'>,
  text: string,
): Promise<string> {
  if (!isTerminal || columns === undefined || columns < LEAST_COLUMNS) return text;
  const lines = text.split('\n');
  if (lines.every((line) => plain(line).length * 2 <= columns)) return text;
  const widthOf = await measure(text);
  return widthOf === undefined ? text : lines.map((line) => foldLine(line, columns, widthOf)).join('\n');
}

/** Writes one line of talk, without its line break, as {@link foldText} shows it. */
export async function writeTalk(sink: Sink, line: string): Promise<void> {
  await sink.write(await foldText(sink, `${line}\n`));
}

/** The tables of Unicode are loaded where there is more than ASCII; `undefined` where they cannot be: a process may have no file left to open. */
async function measure(text: string): Promise<((text: string) => number) | undefined> {
  if (/^[\n\x20-\x7e]*$/.test(plain(text))) return (part) => plain(part).length;
  return import('string-width').then(
    ({ default: stringWidth }) => stringWidth,
    () => undefined,
  );
}

function foldLine(line: string, columns: number, widthOf: (text: string) => number): string {
  if (widthOf(line) <= columns) return line;
  const lead = /^ */.exec(line)?.[0] ?? '';
  const label = LABEL.exec(plain(line))?.[0];
  const indent = label === undefined ? lead.length + INDENT : widthOf(label);
  const [first = '', ...rest] = wrapText(line.slice(lead.length), columns - indent, widthOf, columns - lead.length);
  return [`${lead}${first}`, ...rest.map((one) => `${' '.repeat(indent)}${one}`)].join('\n');
}

function plain(text: string): string {
  return text.replace(COLOUR, '');
}
