import { AppError } from '../../errors.js';
import { importNumbers } from '../../numbers/import-numbers.js';
import { learnFromRecords } from '../../numbers/learn-numbers.js';
import { type NumberRow, readNumberFile } from '../../numbers/read-number-file.js';
import type { CommandContext } from '../command-context.js';
import { defineCommand } from '../command.js';
import { openRecords } from '../open-records.js';
import { readInputFile, readStdin } from '../read-input.js';

interface ImportOptions {
  readonly records?: boolean;
}

const COLUMNS = [
  { field: 'added', title: { zh: '新增', en: 'Added' } },
  { field: 'changed', title: { zh: '变更', en: 'Changed' } },
  { field: 'unchanged', title: { zh: '未变', en: 'Unchanged' } },
];

export const command = defineCommand<ImportOptions, [string[]]>({
  help: {
    purpose:
      'Import the list of X numbers that the console exports (号码管理 → 导出; 号码订购 → 下载号码表) as CSV. Columns are found by their Chinese or English headings, further columns are kept; UTF-8, GB18030 and UTF-16 are read. If any row is bad, every bad cell is named and nothing is imported. If the export hangs in the browser, try Chrome or another computer.\n' +
      'With --records the files are saved CDRs and pushes (without files, the journal), and the X numbers in them are learnt.',
    examples: [
      { says: "the console's export", line: 'privacy-call -p sandbox numbers import numbers.csv' },
      { says: 'numbers seen in saved CDRs', line: 'privacy-call -p sandbox numbers import --records calls/' },
    ],
    output: 'Import: added, changed, unchanged',
    exits: ['partial', 'storage'],
  },
  define: (target) => {
    target
      .argument('[files...]', 'CSV files; - for stdin')
      .option('--records', 'learn X numbers from saved CDRs and pushes');
  },
  async run(options, context, files) {
    if (options.records === true) return learn(context, files);
    if (files.length === 0) throw new AppError('flag-missing', 'a CSV file is missing');
    const rows: NumberRow[] = [];
    const notes: string[] = [];
    for (const file of files) {
      const read = readNumberFile(
        file === '-' ? 'stdin' : file,
        file === '-' ? await readStdin(context) : await readInputFile('', file, context),
      );
      rows.push(...read.rows);
      notes.push(...read.notes);
    }
    if (context.global.dryRun) {
      return {
        view: 'item',
        kind: 'Import',
        item: { added: 0, changed: 0, unchanged: 0 },
        columns: COLUMNS,
        warnings: [...notes, `${rows.length} rows can be imported; nothing was (--dry-run)`],
      };
    }
    const { inventory } = await context.store();
    const item = await importNumbers(inventory, rows, context.now());
    return { view: 'item', kind: 'Import', item, columns: COLUMNS, warnings: notes };
  },
});

async function learn(context: CommandContext, files: readonly string[]) {
  const { inventory } = await context.store();
  const records = await openRecords(context, files);
  const found = async function* () {
    for await (const { record } of records.items) yield record;
  };
  const changed = await learnFromRecords(inventory, found(), context.now());
  return {
    view: 'item' as const,
    kind: 'Import',
    item: { added: changed, changed: 0, unchanged: 0 },
    columns: COLUMNS,
    warnings: records.warnings,
    outcome: () => records.outcome(),
  };
}
