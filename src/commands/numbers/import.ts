import { counted } from '../../domain/counted.js';
import { maskPhoneNumber } from '../../domain/phone-number.js';
import type { TextPair, Words } from '../../domain/text-pair.js';
import { AppError } from '../../errors.js';
import { type ImportDifference, type ImportPlan, importNumbers, planImport } from '../../numbers/import-numbers.js';
import { learnFromRecords } from '../../numbers/learn-numbers.js';
import { type NumberRow, readNumberFile } from '../../numbers/read-number-file.js';
import type { Column, ItemView } from '../../output/view.js';
import type { CommandContext } from '../command-context.js';
import { defineCommand } from '../command.js';
import { openRecords } from '../open-records.js';
import { openInputFile } from '../read-input.js';

interface ImportOptions {
  readonly records?: boolean;
  readonly keep?: boolean;
}

interface ImportItem extends Pick<ImportPlan, 'added' | 'changed' | 'unchanged'> {
  readonly vanished: number;
  readonly forgotten: number;
  readonly differences: readonly ImportDifference[];
}

/** Differences that are told; the others are counted. */
const TOLD = 1000;
/** Differences that a terminal shows. */
const SHOWN = 10;
const CHANGES = {
  appeared: { zh: '新增', en: 'appeared' },
  changed: { zh: '变更', en: 'changed' },
  vanished: { zh: '消失', en: 'vanished' },
} as const;

const COLUMNS: readonly Column<ImportItem>[] = [
  { field: 'added', title: { zh: '新增', en: 'Added' } },
  { field: 'changed', title: { zh: '变更', en: 'Changed' } },
  { field: 'unchanged', title: { zh: '未变', en: 'Unchanged' } },
  { field: 'vanished', title: { zh: '消失', en: 'Vanished' } },
  { field: 'forgotten', title: { zh: '已移除', en: 'Forgotten' } },
  {
    field: 'differences',
    title: { zh: '差异', en: 'Differences' },
    cell: ({ differences }, paint) =>
      differences
        .slice(0, SHOWN)
        .map(({ x, change, is }) => [paint.number(x), paint.words(CHANGES[change]), ...Object.keys(is ?? {})].join(' '))
        .concat(differences.length > SHOWN ? ['…'] : [])
        .join('; '),
  },
];

export const command = defineCommand<ImportOptions, [string[]]>({
  help: {
    purpose:
      'Import the list of X numbers that the console exports (号码管理 → 导出; 号码订购 → 下载号码表): CSV (UTF-8, GB18030, UTF-16) or the first sheet of an XLSX workbook. Columns are found by their Chinese or English headings, further columns are kept and named. If any row is bad, every bad cell is named and nothing is imported; a word for mode or SMS that is not understood is kept as it is and named once. If the export hangs in the browser, try Chrome or another computer.\n' +
      'A later import shows what appeared, what changed and what the list no longer has. Numbers that vanished are forgotten only when you agree (--yes); --keep keeps them without asking, and so does a script that says neither. Where every row of the list has a mode, only numbers of those modes can vanish.\n' +
      'With --records the files are saved CDRs and pushes (without files, the journal), and the X numbers in them are learnt.',
    examples: [
      { says: "the console's export", line: 'privacy-call -p sandbox numbers import numbers.csv' },
      { says: 'what a newer one would change', line: 'privacy-call -p sandbox numbers import numbers.csv --dry-run' },
      { says: 'numbers seen in saved CDRs', line: 'privacy-call -p sandbox numbers import --records calls/' },
    ],
    output:
      'Import: added, changed, unchanged, vanished, forgotten, differences {change (appeared, changed, vanished), x, was, is}, the first 1000',
    exits: ['partial', 'storage'],
  },
  define: (target) => {
    target
      .argument('[files...]', 'CSV or XLSX files, together one list; - for stdin')
      .option('--keep', 'keep numbers that the list no longer has')
      .option('--records', 'learn X numbers from saved CDRs and pushes');
  },
  async run(options, context, files) {
    if (options.records === true) return learn(context, files);
    if (files.length === 0)
      throw new AppError('flag-missing', { zh: '缺少 CSV 或 XLSX 文件', en: 'a CSV or XLSX file is missing' });
    const rows: NumberRow[] = [];
    const warnings: Words[] = [];
    for (const file of files) {
      const read = await readNumberFile(file === '-' ? 'stdin' : file, await openInputFile('', file, context));
      for (const row of read.rows) rows.push(row);
      for (const note of read.notes) warnings.push(note);
    }
    const { inventory } = await context.store();
    const plan = await planImport(inventory, rows, context.now());
    if (context.global.dryRun) {
      const { length } = rows;
      return view(plan, 0, [
        ...warnings,
        {
          zh: `可导入 ${length} 行；没有导入（--dry-run）`,
          en: `${counted(length, 'row')} can be imported; nothing was (--dry-run)`,
        },
      ]);
    }
    const forget = options.keep !== true && plan.vanished.length > 0 && (await mayForget(context, plan));
    await importNumbers(inventory, plan, { forget, now: context.now() });
    const kept = plan.vanished.length > 0 && !forget;
    if (kept)
      warnings.push({
        zh: `${plan.vanished.length} 个号码已不在清单中，予以保留；--yes 会删除`,
        en: `${counted(plan.vanished.length, 'number is no longer in the list and was', 'numbers are no longer in the list and were')} kept; --yes forgets`,
      });
    return view(plan, forget ? plan.vanished.length : 0, warnings);
  },
});

/** Asks, where somebody can be asked. */
async function mayForget(context: CommandContext, plan: ImportPlan): Promise<boolean> {
  if (context.global.yes) return true;
  if (!context.interactive) return false;
  const gone = new Set(plan.vanished.map(({ key }) => key));
  const bound = new Set<string>();
  const { ledger } = await context.store();
  for await (const { state, binding } of ledger.entries()) {
    if (state === 'active' && binding.x !== undefined && gone.has(binding.x)) bound.add(binding.x);
  }
  await context.note(planLine(plan));
  const [zh, en] =
    bound.size === 0
      ? ['', '']
      : [`（其中 ${bound.size} 个在台账中有绑定关系）`, ` (${bound.size} of them with bindings in the ledger)`];
  const message = {
    zh: `清单中不再有以前导入的 ${gone.size} 个号码${zh}。是否移除？`,
    en: `The list no longer has ${counted(gone.size, 'number')} of earlier imports${en}. Forget?`,
  }[context.lang];
  return (await context.prompt({ type: 'confirm', message })) === 'yes';
}

/** What an import would do, before somebody is asked. */
function planLine({ added, changed, unchanged, vanished }: ImportPlan): TextPair {
  const numbers = vanished.slice(0, SHOWN).map(({ key }) => maskPhoneNumber(key));
  const more = vanished.length - SHOWN;
  const listed = numbers.join(', ');
  return {
    zh: `新增 ${added}，变更 ${changed}，未变 ${unchanged}；清单中没有：${listed}${more > 0 ? ` 等 ${vanished.length} 个` : ''}`,
    en: `${added} new, ${changed} changed, ${unchanged} unchanged; not in the list: ${listed}${more > 0 ? `, and ${more} more` : ''}`,
  };
}

function view(plan: ImportPlan, forgotten: number, warnings: readonly Words[]): ItemView<ImportItem> {
  const { added, changed, unchanged, vanished, differences } = plan;
  const item = { added, changed, unchanged, vanished: vanished.length, forgotten };
  return {
    view: 'item',
    kind: 'Import',
    item: { ...item, differences: differences.slice(0, TOLD) },
    columns: COLUMNS,
    warnings,
  };
}

async function learn(context: CommandContext, files: readonly string[]): Promise<ItemView<ImportItem>> {
  const { inventory } = await context.store();
  const records = await openRecords(context, files);
  const found = async function* () {
    for await (const { record } of records.items) yield record;
  };
  const added = await learnFromRecords(inventory, found(), context.now());
  return {
    view: 'item',
    kind: 'Import',
    item: { added, changed: 0, unchanged: 0, vanished: 0, forgotten: 0, differences: [] },
    columns: COLUMNS,
    warnings: records.warnings,
    outcome: () => records.outcome(),
  };
}
