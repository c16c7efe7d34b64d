import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { counted } from '../../domain/counted.js';
import type { TextPair } from '../../domain/text-pair.js';
import { AppError, storageError } from '../../errors.js';
import { formatProblem } from '../../notifications/input-problems.js';
import type { Column } from '../../output/view.js';
import { exportJournal } from '../../store/file/export-journal.js';
import type { JournalDamage, StoredPush } from '../../store/journal.js';
import { defineCommand } from '../command.js';
import { FOLLOWED_KINDS, type FollowedKind } from '../follow-records.js';
import { parseSpan } from '../parse-flags.js';

interface ExportOptions {
  readonly since?: string;
  readonly until?: string;
  readonly kind?: FollowedKind;
  readonly gzip?: boolean;
}

interface ExportItem {
  readonly kind: 'Export';
  /** Absolute path. */
  readonly file: string;
  readonly pushes: number;
  readonly sizeBytes?: number | undefined;
  /** Arrival of the first and the last one. */
  readonly first?: Date | undefined;
  readonly last?: Date | undefined;
  /** Lines of the journal that could not be read. */
  readonly damaged: number;
}

const COLUMNS: readonly Column<ExportItem>[] = [
  { field: 'file', title: { zh: '文件', en: 'File' } },
  { field: 'pushes', title: { zh: '推送', en: 'Pushes' } },
  { field: 'sizeBytes', title: { zh: '字节', en: 'Bytes' } },
  { field: 'first', title: { zh: '最早', en: 'First' }, cell: ({ first }, paint) => paint.instant(first) },
  { field: 'last', title: { zh: '最晚', en: 'Last' }, cell: ({ last }, paint) => paint.instant(last) },
  { field: 'damaged', title: { zh: '损坏行', en: 'Damaged lines' } },
];

export const command = defineCommand<ExportOptions, [string]>({
  help: {
    purpose:
      'Save pushes of the journal as one file of JSON lines, as they came: bodies byte for byte, headers, path, time of arrival. Every command that reads files takes it, "replay" and "inspect" too. A push that came twice is in it once. The file has its name only when it is whole; one that exists is replaced after a question. A folder that is missing is made.',
    examples: [
      { says: 'the CDRs of a day', line: 'privacy-call -p sandbox events export --kind cdr --since 24h cdrs.ndjson' },
      { says: 'everything, compressed', line: 'privacy-call -p sandbox events export all.ndjson.gz' },
    ],
    output: 'Export: file, pushes, sizeBytes, first, last, damaged',
    exits: ['partial', 'storage'],
  },
  define: (target) => {
    target
      .argument('<file>', 'file to write; its name may end in .gz')
      .option('--since <time>', 'pushes that arrived from this time on')
      .option('--until <time>', 'until this time; a day counts whole')
      .addOption(new Option('--kind <kind>', 'only pushes of this kind').choices(Object.keys(FOLLOWED_KINDS)))
      .option('--gzip', 'compress; without it only where the name ends in .gz');
  },
  async run(options, context, name) {
    const { from, to } = parseSpan(options, { zone: context.zone, now: context.now() });
    const kind = options.kind === undefined ? undefined : FOLLOWED_KINDS[options.kind];
    if (name === '-')
      throw new AppError('flag-invalid', {
        zh: '-：events export 写入文件，不写标准输出',
        en: '-: events export writes a file, not stdout',
      });
    const file = resolve(context.cwd, name);
    const { journal } = await context.store();
    const exists = await stat(file).catch(() => undefined);
    if (exists?.isDirectory() === true)
      throw new AppError('flag-invalid', { zh: `${name} 是目录`, en: `${name} is a folder` });
    if (exists?.isFile() === false)
      throw new AppError('flag-invalid', { zh: `${name} 不是文件`, en: `${name} is no file` });
    if (exists !== undefined && !context.global.dryRun)
      await context.confirm({ zh: `将覆盖 ${name}`, en: `this replaces ${name}` });
    let first: Date | undefined;
    let last: Date | undefined;
    let damaged = 0;
    const warnings: TextPair[] = [];
    const pushes = async function* (): AsyncGenerator<StoredPush> {
      const onDamage = (damage: JournalDamage): void => {
        damaged += 1;
        if (damaged <= 20) warnings.push(formatProblem(damage));
      };
      for await (const push of journal.read({ kind, from, to, onDamage })) {
        context.signal.throwIfAborted();
        first ??= push.at;
        last = push.at;
        yield push;
      }
    };
    const gzip = options.gzip === true || name.endsWith('.gz');
    const written = context.global.dryRun
      ? { pushes: await count(pushes()) }
      : await write(pushes(), { file, name, gzip });
    if (written.pushes === 0) warnings.push({ zh: '推送日志中没有符合条件的推送', en: 'no push in the journal fits' });
    const item: ExportItem = { kind: 'Export', file, ...written, first, last, damaged };
    return {
      view: 'item',
      kind: 'Export',
      item,
      columns: COLUMNS,
      warnings,
      hint: context.global.dryRun ? { zh: '没有写入（--dry-run）', en: 'dry run: nothing was written' } : undefined,
      outcome: () =>
        damaged === 0
          ? undefined
          : new AppError('some-failed', {
              zh: `推送日志中有 ${damaged} 行无法读取`,
              en: `${counted(damaged, 'line')} of the journal could not be read`,
            }),
    };
  },
});

async function write(
  pushes: AsyncIterable<StoredPush>,
  { file, name, gzip }: { readonly file: string; readonly name: string; readonly gzip: boolean },
) {
  try {
    return await exportJournal(pushes, { file, gzip });
  } catch (error) {
    throw storageError(error, { zh: `无法写入 ${name}`, en: `cannot write ${name}` });
  }
}

async function count(pushes: AsyncIterable<StoredPush>): Promise<number> {
  let total = 0;
  for await (const _ of pushes) total += 1;
  return total;
}
