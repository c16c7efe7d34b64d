import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppError, storageError } from '../errors.js';
import type { LatencyFigures } from './latency-histogram.js';
import type { ReplayItem } from './replay-item.js';
import { itemOfSaved, type RunEnd, type RunEntry, type RunHead } from './run-lines.js';
import { SettledPushes } from './settled-pushes.js';

/** Runs kept; the oldest go. Their files hold the pushes that failed. */
const MOST_RUNS = 50;
const EXTENSION = '.ndjson';

/** A run, as `--list-runs` shows it. */
export interface ReplayRun {
  readonly kind: 'ReplayRun';
  readonly run: string;
  readonly startedAt: Date;
  readonly to: string;
  readonly files: readonly string[];
  /** `open`: it was stopped, and `--resume` goes on. */
  readonly state: 'ended' | 'open';
  readonly sent: number;
  readonly failed: number;
  readonly latencyMs: LatencyFigures;
  readonly of?: string | undefined;
}

/** A run read back. */
export interface KeptRun {
  readonly head: RunHead;
  readonly settled: SettledPushes;
  readonly sent: number;
  readonly failed: number;
  readonly end?: RunEnd | undefined;
}

/** The runs of this user, one file each in `folder`. */
export class RunFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Path of the file of a run. @throws AppError `flag-invalid` for a name that is none. */
  pathOf(run: string): string {
    if (!/^[\w-]+$/.test(run))
      throw new AppError(
        'flag-invalid',
        { zh: `${run}：不是批次的名称`, en: `${run}: is no name of a run` },
        { hint: LIST_RUNS },
      );
    return join(this.#folder, `${run}${EXTENSION}`);
  }

  /** All runs, oldest first. Files that hold none are left out. */
  async list(): Promise<ReplayRun[]> {
    const runs: ReplayRun[] = [];
    for (const name of await this.#names()) {
      const kept = await this.#read(name);
      if (kept === undefined) continue;
      const { head, sent, failed, end } = kept;
      runs.push({
        kind: 'ReplayRun',
        run: head.run,
        startedAt: new Date(head.at),
        to: head.to,
        files: head.files,
        state: end === undefined ? 'open' : 'ended',
        sent,
        failed,
        latencyMs: end?.latencyMs ?? {},
        of: head.of,
      });
    }
    return runs;
  }

  /** The run called so, or the latest for `last`. @throws AppError `input-unreadable` when there is none. */
  async read(run: string): Promise<KeptRun> {
    const name = run === 'last' ? ((await this.#names()).at(-1) ?? run) : run;
    this.pathOf(name);
    const kept = await this.#read(name);
    if (kept !== undefined) return kept;
    throw new AppError(
      'input-unreadable',
      { zh: `没有批次 ${name}`, en: `there is no run ${name}` },
      { hint: LIST_RUNS },
    );
  }

  /** The pushes of a run that failed, in their order, as they were sent. */
  async *failures({ head, settled }: KeptRun): AsyncGenerator<ReplayItem> {
    const failed: { readonly n: number; readonly item: ReplayItem }[] = [];
    for await (const line of linesOf(this.pathOf(head.run))) {
      if (isEntry(line) && line.push !== undefined && !settled.isOk(line.n))
        failed.push({ n: line.n, item: itemOfSaved(line.push) });
    }
    yield* failed.sort((one, other) => one.n - other.n).map(({ item }) => item);
  }

  /** Removes the oldest runs beyond those that are kept. */
  async prune(): Promise<void> {
    for (const name of (await this.#names()).slice(0, -MOST_RUNS)) await this.remove(name);
  }

  /** Removes one run, and with it the pushes that failed in it. @throws AppError `flag-invalid`, `storage-…`. */
  async remove(run: string): Promise<void> {
    const path = this.pathOf(run);
    try {
      await rm(path, { force: true });
    } catch (error) {
      throw storageError(error, { zh: `无法删除 ${path}`, en: `cannot remove ${path}` });
    }
  }

  /** Names begin with the time, so their order is that of the runs. */
  async #names(): Promise<string[]> {
    try {
      const names = (await readdir(this.#folder)).filter((name) => name.endsWith(EXTENSION));
      return names.map((name) => name.slice(0, -EXTENSION.length)).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw storageError(error, {
        zh: `无法读取 ${this.#folder} 中的批次`,
        en: `cannot read the runs in ${this.#folder}`,
      });
    }
  }

  async #read(name: string): Promise<KeptRun | undefined> {
    let head: RunHead | undefined;
    let end: RunEnd | undefined;
    let failed = 0;
    const settled = new SettledPushes();
    for await (const line of linesOf(this.pathOf(name))) {
      if (isHead(line)) head ??= line;
      else if (isEntry(line)) {
        end = undefined;
        if (!line.ok && !settled.has(line.n)) failed += 1;
        settled.add(line);
      } else if (isEnd(line)) end = line;
    }
    return head === undefined ? undefined : { head, settled, sent: settled.count, failed, end };
  }
}

const LIST_RUNS = 'privacy-call replay --list-runs';

/** The lines that are whole; one that was cut is passed over. A missing file has none. */
async function* linesOf(path: string): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const source = createReadStream(path);
  const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const text of lines) {
      const line = parse(text);
      if (line !== undefined) yield line;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw storageError(error, { zh: `无法读取 ${path} 中的批次`, en: `cannot read the run in ${path}` });
  } finally {
    lines.close();
    source.destroy();
  }
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isHead(line: object): line is RunHead {
  return 'run' in line && 'at' in line && 'to' in line;
}

function isEntry(line: object): line is RunEntry {
  return 'n' in line && typeof line.n === 'number' && line.n > 0 && 'crc' in line && 'ok' in line;
}

function isEnd(line: object): line is RunEnd {
  return 'end' in line && line.end === true;
}
