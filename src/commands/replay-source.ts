import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseJsonBytes } from '../domain/parse-json.js';
import { AppError, isAppError } from '../errors.js';
import { findInputs } from '../notifications/find-inputs.js';
import type { ReadProblem } from '../notifications/input-problems.js';
import { itemsFromFiles } from '../replay/items-from-files.js';
import { itemsFromJournal } from '../replay/items-from-journal.js';
import type { ReplayItem } from '../replay/replay-item.js';
import { type KeptRun, RunFolder } from '../replay/run-folder.js';
import type { RunHead } from '../replay/run-lines.js';
import type { CommandContext } from './command-context.js';
import { firstArrival } from './first-arrival.js';
import { refuseBeside } from './flag-partners.js';
import { readKind, readPlan, type ReplayFlags, type ReplayPlan } from './replay-flags.js';

/** What a run is made of. */
export interface ReplaySource {
  readonly head: RunHead;
  readonly plan: ReplayPlan;
  /** The pushes, chosen and changed, without numbers. */
  readonly items: AsyncIterable<ReplayItem>;
  /** The run that goes on; `undefined` for a new one. */
  readonly resumed?: KeptRun | undefined;
}

/** Where the runs of this user are. */
export function runFolderOf(context: Pick<CommandContext, 'folders'>): RunFolder {
  return new RunFolder(join(context.folders.state, 'replays'));
}

/**
 * Finds out what is to be sent: files or the journal, the failures of a run, or the rest of one.
 * @param complain told of what cannot be read, and of what is empty.
 * @throws AppError `flag-…`, `input-unreadable`.
 */
export async function openReplaySource(
  context: CommandContext,
  typed: { readonly flags: ReplayFlags; readonly files: readonly string[] },
  complain: (problem: ReadProblem) => void,
): Promise<ReplaySource> {
  const { flags, files } = typed;
  const given = givenFlags(flags);
  if (flags.resume !== undefined) {
    refuseBeside(flags, ['failedOf'], '--resume');
    return resume(context, { ...typed, flags: given }, complain);
  }
  const runs = runFolderOf(context);
  const of = flags.failedOf === undefined ? undefined : await runs.read(flags.failedOf);
  if (of !== undefined && files.length > 0)
    throw new AppError('flag-conflict', {
      zh: '--failed-of 发送该批次保存的推送，不接受文件',
      en: '--failed-of sends what a run has kept, not files',
    });
  const at = context.now();
  const all: ReplayFlags = of === undefined ? given : { ...sendingFlags(of.head.flags), to: of.head.to, ...given };
  const plan = readPlan(all, { zone: context.zone, now: at });
  const head: RunHead = {
    v: 1,
    run: nameOf(at),
    at: at.toISOString(),
    profile: context.profile,
    to: withoutUser(plan.to),
    cwd: context.cwd,
    files,
    zone: context.zone,
    flags: { ...all, to: undefined },
    of: of?.head.run,
  };
  const open = opener(context, { head, plan, of });
  await demandFields(context, { head, plan, open });
  return { head, plan, items: chosen(await open(complain), plan) };
}

/** `20261122-080000123-5b1b`: names are in the order of the runs. */
function nameOf(at: Date): string {
  const digits = at.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-${randomBytes(2).toString('hex')}`;
}

async function resume(
  context: CommandContext,
  { flags, files }: { readonly flags: ReplayFlags; readonly files: readonly string[] },
  complain: (problem: ReadProblem) => void,
): Promise<ReplaySource> {
  const choosing = CHOOSING.filter((name) => flags[name] !== undefined);
  if (files.length > 0 || choosing.length > 0)
    throw new AppError('flag-conflict', {
      zh: '--resume 继续该批次的推送：文件和筛选条件保持不变',
      en: '--resume goes on with the pushes of its run: files and filters stay as they were',
    });
  const runs = runFolderOf(context);
  const resumed = await runs.read(flags.resume ?? 'last');
  const { head } = resumed;
  if (resumed.end !== undefined)
    throw new AppError(
      'flag-invalid',
      { zh: `--resume ${head.run}：该批次已结束`, en: `--resume ${head.run}: the run came to its end` },
      {
        hint: `privacy-call replay --failed-of ${head.run}`,
      },
    );
  if (head.files.includes('-'))
    throw new AppError('flag-invalid', {
      zh: `--resume ${head.run}：来自标准输入的内容无法再次读取`,
      en: `--resume ${head.run}: what came by stdin cannot be read again`,
    });
  const plan = readPlan({ ...head.flags, to: head.to, ...flags }, { zone: head.zone, now: new Date(head.at) });
  const of = head.of === undefined ? undefined : await runs.read(head.of);
  const items = await opener(context, { head, plan, of })(complain);
  return { head, plan, items: chosen(items, plan), resumed };
}

/** Opens what is to be sent, told of what cannot be read. */
type OpenItems = (complain: (problem: ReadProblem) => void) => Promise<AsyncIterable<ReplayItem>>;

function opener(
  context: CommandContext,
  { head, plan, of }: { readonly head: RunHead; readonly plan: ReplayPlan; readonly of: KeptRun | undefined },
): OpenItems {
  return async (complain) =>
    of === undefined ? openSaved(context, head, { plan, complain }) : failuresOf(runFolderOf(context), of, plan);
}

/**
 * Looks through all pushes for the fields of `--set` before the first one is sent, where they can be read twice.
 * @throws AppError `flag-invalid` naming the first push without such a field.
 */
async function demandFields(
  context: CommandContext,
  { head, plan, open }: { readonly head: RunHead; readonly plan: ReplayPlan; readonly open: OpenItems },
): Promise<void> {
  if (!plan.setsFields || !(await areReadTwice(head))) return;
  let left = plan.limit;
  for await (const item of await open(() => undefined)) {
    context.signal.throwIfAborted();
    plan.edit(item);
    left -= 1;
    if (left <= 0) return;
  }
}

/** Not stdin, nor a pipe by name: `<(jq …)`. */
async function areReadTwice({ files, cwd }: RunHead): Promise<boolean> {
  for (const file of files) {
    if (file === '-') return false;
    const found = await stat(resolve(cwd, file)).catch(() => undefined);
    if (found !== undefined && !found.isFile() && !found.isDirectory()) return false;
  }
  return true;
}

async function openSaved(
  context: CommandContext,
  head: RunHead,
  { plan, complain }: { readonly plan: ReplayPlan; readonly complain: (problem: ReadProblem) => void },
): Promise<AsyncIterable<ReplayItem>> {
  if (head.files.length > 0) {
    const { stdin, signal } = context;
    const inputs = await findInputs(head.files, { cwd: head.cwd, stdin, signal, onProblem: complain });
    return itemsFromFiles(inputs, { onProblem: complain, wants: plan.wants });
  }
  const { journal } = await context.store();
  const { kind } = head.flags as ReplayFlags;
  // Up to now: a receiver of the same profile behind the target writes into this journal what is sent here.
  const query = {
    kind: readKind(kind),
    from: firstArrival(plan.since, context),
    to: new Date(head.at),
    onDamage: complain,
  };
  return itemsFromJournal(journal, query, plan.wants);
}

async function* failuresOf(runs: RunFolder, run: KeptRun, { wants }: ReplayPlan): AsyncGenerator<ReplayItem> {
  for await (const item of runs.failures(run)) if (wants(parseJsonBytes(item.bytes), item.receivedAt)) yield item;
}

async function* chosen(items: AsyncIterable<ReplayItem>, plan: ReplayPlan): AsyncGenerator<ReplayItem> {
  let left = plan.limit;
  for await (const item of items) {
    yield edited(item, plan);
    left -= 1;
    if (left <= 0) return;
  }
}

/** A push that lacks a field fails by itself: those before it are sent already. */
function edited(item: ReplayItem, { edit, setsFields }: ReplayPlan): ReplayItem {
  try {
    const changed = edit(item);
    return setsFields ? { ...changed, refused: undefined } : changed;
  } catch (error) {
    if (!isAppError(error, 'flag-invalid')) throw error;
    return { ...item, refused: error.message };
  }
}

/** Flags that choose pushes or change them. */
const CHOOSING = [
  'kind',
  'since',
  'until',
  'x',
  'a',
  'b',
  'number',
  'session',
  'subscription',
  'mode',
  'direction',
  'outcome',
  'failed',
  'code',
  'minDuration',
  'maxDuration',
  'recorded',
  'limit',
  'set',
  'shiftTimes',
] as const satisfies readonly (keyof ReplayFlags)[];

/** Of a run whose failures are sent: the pushes are chosen and changed already. */
function sendingFlags(flags: RunHead['flags']): ReplayFlags {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => !(CHOOSING as readonly string[]).includes(name)));
}

/** What was typed, without what belongs to one command line alone. */
function givenFlags(flags: ReplayFlags): ReplayFlags {
  const own = ['report', 'reportFile', 'failedOf', 'listRuns', 'pruneRuns', 'check'];
  return Object.fromEntries(
    Object.entries(flags).filter(([name, value]) => value !== undefined && !own.includes(name)),
  );
}

function withoutUser(url: URL): string {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain.href;
}
