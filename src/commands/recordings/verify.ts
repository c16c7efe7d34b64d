import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { counted, countedPair } from '../../domain/counted.js';
import { joinPairs, type TextPair, type Told, toldOf } from '../../domain/text-pair.js';
import { AppError } from '../../errors.js';
import type { SummaryView } from '../../output/render-summary.js';
import type { Column } from '../../output/view.js';
import { verifyArchive, type VerifiedFile } from '../../recordings/verify-archive.js';
import type { RecordingNote } from '../../store/recording-note.js';
import type { Store } from '../../store/store.js';
import { SESSION_KEEPS } from '../columns.js';
import { defineCommand } from '../command.js';
import type { CommandContext } from '../command-context.js';

interface VerifyFlags {
  readonly dir?: string;
  readonly fast?: boolean;
  readonly all?: boolean;
}

interface Row extends Omit<VerifiedFile, 'entry' | 'reason'> {
  readonly kind: 'VerifiedRecording';
  readonly reason?: Told | undefined;
  readonly key?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly savedAt?: Date | undefined;
  /** Whether the next download fetches it once more, if the platform still has it. */
  readonly again?: boolean | undefined;
}

type Counts = Record<VerifiedFile['state'], number>;

const STATES: Readonly<Record<Row['state'], TextPair>> = {
  whole: { zh: '完好', en: 'whole' },
  missing: { zh: '缺失', en: 'missing' },
  altered: { zh: '已被改动', en: 'altered' },
  damaged: { zh: '损坏', en: 'damaged' },
  unreadable: { zh: '无法读取', en: 'unreadable' },
  'not-archived': { zh: '不在档案中', en: 'not in the archive' },
  'under-way': { zh: '下载中', en: 'under way' },
  'left-over': { zh: '残留的部分文件', en: 'left over' },
};

const COLUMNS: readonly Column<Row>[] = [
  {
    field: 'state',
    title: { zh: '状态', en: 'State' },
    cell: ({ state }, paint) => {
      const words = paint.words(STATES[state]) ?? state;
      if (state === 'whole') return paint.good(words);
      return BESIDE.includes(state) ? words : paint.bad(words);
    },
  },
  {
    field: 'file',
    title: { zh: '文件', en: 'File' },
    // What stands in the archive is told by its name; where something nobody knows lies, only its path tells.
    cell: ({ state, file }) => (BESIDE.includes(state) ? file : basename(file)),
    cuts: true,
    keeps: SESSION_KEEPS,
  },
  { field: 'reason', title: { zh: '说明', en: 'Why' }, cuts: true },
  { field: 'savedAt', title: { zh: '保存时间', en: 'Saved' }, drops: 1 },
  { field: 'sessionId', title: { zh: '会话', en: 'Session' }, cuts: true, keeps: SESSION_KEEPS, drops: 2 },
];

/** What lies below the folder beside the files of the archive; no fault of these. */
const BESIDE: readonly Row['state'][] = ['not-archived', 'under-way', 'left-over'];

/** What a new download can mend; a file that cannot be read is there, and its reason has to be found first. */
const MENDED: readonly Row['state'][] = ['missing', 'altered', 'damaged'];

export const command = defineCommand<VerifyFlags>({
  help: {
    purpose:
      'Compare every line of the archive with its file: missing, altered (size or SHA-256), damaged (no whole WAV), unreadable. With --dir only files below the folder, those there that no line of the archive names, and part files: under way (a download writes one or goes on from it), or left over by a killed one, which the next download removes.\n' +
      'What is missing, altered or damaged is noted, and the next "recordings download" fetches it once more where the platform still has it; an altered file stays as it is, the new one is saved beside it. With --dry-run nothing is noted. Other hidden files and sidecars are not looked at.',
    examples: [
      { says: 'everything, with the content of each file', line: 'privacy-call -p sandbox recordings verify' },
      {
        says: 'one folder, sizes and headers only, and files that nobody knows',
        line: 'privacy-call -p sandbox recordings verify --dir recordings --fast',
      },
    ],
    output:
      'VerifiedRecording: state (whole, missing, altered, damaged, unreadable, not-archived, under-way, left-over), file, reason, key, sessionId, savedAt, again',
    exits: ['empty', 'assertion', 'storage'],
  },
  define: (target) => {
    target
      .option('--dir <folder>', 'only this folder, and what lies there unarchived')
      .option('--fast', 'sizes and headers only')
      .option('--all', 'list also what is whole');
  },
  async run(options, context) {
    const folder = options.dir === undefined ? undefined : resolve(context.cwd, options.dir);
    const counts: Counts = {
      whole: 0,
      missing: 0,
      altered: 0,
      damaged: 0,
      unreadable: 0,
      'not-archived': 0,
      'under-way': 0,
      'left-over': 0,
    };
    const store = await context.store();
    const verified = verifyArchive(store.archive.entries(), {
      folder,
      fast: options.fast === true,
      now: context.now(),
      signal: context.signal,
    });
    const view: SummaryView<Row> = {
      view: 'list',
      kind: 'VerifiedRecordingList',
      items: shown(context, verified, { store, counts, folder, all: options.all === true }),
      columns: COLUMNS,
      summary: counts,
      outcome: () => failureOf(counts),
      footer: () => summarise(counts),
    };
    return view;
  },
});

const FILE = { zh: '个文件', en: 'file' };

async function* shown(
  context: CommandContext,
  verified: AsyncIterable<VerifiedFile>,
  how: {
    readonly store: Pick<Store, 'recordingNotes'>;
    readonly counts: Counts;
    readonly folder: string | undefined;
    readonly all: boolean;
  },
): AsyncGenerator<Row> {
  const { store, counts, folder, all } = how;
  const known = new Map<string, RecordingNote>();
  for await (const note of store.recordingNotes.entries()) known.set(note.key, note);
  const notes: RecordingNote[] = [];
  const progress = await context.progress(countedPair(0, FILE));
  context.defer(() => {
    progress.stop();
    return Promise.resolve();
  });
  let looked = 0;
  for await (const { entry, reason, ...found } of verified) {
    counts[found.state] += 1;
    looked += 1;
    progress.update(countedPair(looked, FILE));
    const again = MENDED.includes(found.state);
    const wasAgain = entry !== undefined && known.get(entry.key)?.state === 'again';
    if (entry !== undefined && (again || (wasAgain && found.state === 'whole'))) {
      const why = { reason: `verify: ${reason?.en ?? ''}`, reasonZh: `verify：${reason?.zh ?? ''}` };
      notes.push({ key: entry.key, at: context.now(), ...(again ? { state: 'again', ...why } : { state: 'settled' }) });
    }
    if (all || found.state !== 'whole') {
      yield {
        kind: 'VerifiedRecording',
        ...found,
        reason: toldOf(reason),
        key: entry?.key,
        sessionId: entry?.sessionId,
        savedAt: entry?.at,
        again: again && !context.global.dryRun ? true : undefined,
      };
    }
  }
  progress.stop();
  if (!context.global.dryRun) await store.recordingNotes.append(notes);
  if (folder !== undefined && looked === 0) await demandFolder(folder);
  if (!context.stdout.isTerminal) await context.note(summarise(counts));
}

/** A folder that was mistyped must not pass for one in which all is well. */
async function demandFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new AppError('input-unreadable', {
      zh: `--dir ${folder}：没有该目录`,
      en: `--dir ${folder}: there is no such folder`,
    });
}

function summarise(counts: Counts): TextPair {
  const checked = Object.entries(counts).reduce(
    (sum, [state, n]) => (BESIDE.includes(state as Row['state']) ? sum : sum + n),
    0,
  );
  const told = (['whole', 'missing', 'altered', 'damaged', 'unreadable', ...BESIDE] as const)
    .filter((state) => state === 'whole' || counts[state] > 0)
    .map((state) => ({ zh: `${STATES[state].zh} ${counts[state]}`, en: `${counts[state]} ${STATES[state].en}` }));
  return joinPairs([{ zh: `已检查 ${checked}`, en: `${checked} checked` }, ...told]);
}

function failureOf(counts: Counts): AppError | undefined {
  const { missing, altered, damaged, unreadable } = counts;
  const bad = missing + altered + damaged + unreadable;
  if (bad === 0) return undefined;
  return new AppError(
    'expectation-failed',
    {
      zh: `${bad} 个已存档的录音与保存时不同`,
      en: `${counted(bad, 'archived recording is', 'archived recordings are')} not as saved`,
    },
    {
      hint: {
        zh: 'privacy-call recordings download 会重新下载平台仍保留的录音。',
        en: 'privacy-call recordings download fetches again what the platform still has.',
      },
    },
  );
}
