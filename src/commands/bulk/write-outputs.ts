import { resolve } from 'node:path';
import { type AtomicText, openAtomicText } from '../../disk/open-atomic-text.js';
import { storageError } from '../../errors.js';
import { csvLine } from '../../output/separated-text.js';
import type { JobRecord } from '../../store/jobs.js';
import { buildEncoder } from '../../tables/build-encoder.js';
import type { Table } from '../../tables/read-table.js';

/** What a results file has beside the columns of the input; where the input has such a heading already, ours is `x_2`, as csvkit would call it. */
const RESULT_HEADINGS = ['subscriptionId', 'x', 'y', 'extension', 'outcome', 'code', 'message'];
/** By this mark spreadsheets know UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Writes what became of the rows: `out` all of them, with the columns of the input; `rejects` the refused ones as they were, in the form of the
 * input: encoding, mark, delimiter and line ends (UTF-8 with its mark and commas for a workbook). `out` is UTF-8 with commas, with the mark where the input
 * had one or was no UTF-8. What a spreadsheet would run has an apostrophe in front in both. Each file is seen only when it is whole.
 * @throws AppError `disk-full` or `storage-…`.
 */
export async function writeOutputs(
  job: JobRecord,
  table: Table,
  files: { readonly out: string | undefined; readonly rejects: string | undefined; readonly cwd: string },
): Promise<void> {
  const { out, rejects, cwd } = files;
  if (out === undefined && rejects === undefined) return;
  const opened: AtomicText[] = [];
  const { encoding } = table;
  const isPlain = encoding === 'utf-8' && !table.hasMark;
  const start = async (name: string | undefined, headings: string, mark: boolean): Promise<AtomicText | undefined> => {
    if (name === undefined) return undefined;
    const ownForm = name === rejects && encoding !== 'xlsx';
    const file = await openAtomicText(resolve(cwd, name), buildEncoder(ownForm ? encoding : 'utf-8'));
    opened.push(file);
    await file.write(`${mark ? BYTE_ORDER_MARK : ''}${headings}`);
    return file;
  };
  try {
    const results = await start(out, csvLine(withResults(table.headings)), !isPlain);
    const refused = await start(rejects, csvLine(table.headings, table), table.hasMark || encoding === 'xlsx');
    for await (const batch of table.rows()) {
      for (const { index, cells } of batch) {
        const own = table.headings.map((_, column) => cells[column] ?? '');
        const state = job.stateOf(index);
        if (state === 'refused') await refused?.write(csvLine([...own, ...cells.slice(own.length)], table));
        if (results === undefined) continue;
        const { id = '', x = '', y = '', extension = '', code = '', message = '' } = (await job.lineOf(index)) ?? {};
        await results.write(
          csvLine([...own, id, x, y, extension, state === 'sent' ? 'in-doubt' : state, code, message]),
        );
      }
    }
    await results?.commit();
    await refused?.commit();
  } catch (error) {
    for (const file of opened) await file.discard();
    throw storageError(error, {
      zh: `无法写入 ${[out, rejects].filter((name) => name !== undefined).join(' 和 ')}`,
      en: `cannot write ${[out, rejects].filter((name) => name !== undefined).join(' and ')}`,
    });
  }
}

function withResults(headings: readonly string[]): readonly string[] {
  const all = [...headings];
  for (const heading of RESULT_HEADINGS) {
    let name = heading;
    for (let count = 2; all.includes(name); count += 1) name = `${heading}_${count}`;
    all.push(name);
  }
  return all;
}
