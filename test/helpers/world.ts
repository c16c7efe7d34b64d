import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Context, PipeClosed, type Question, type Sink } from '../../src/context.js';
import { run } from '../../src/program.js';

/** Where a world's clock stands at first. */
export const START = new Date('2026-11-22T00:00:00.000Z');

/** One question that is expected, and what is answered. `validate` of the question must take the answer. */
export interface ScriptedAnswer {
  /** The question's message must contain this. */
  readonly asks: string;
  readonly answer: string;
}

/** How one command line is run. */
export interface RunOptions {
  /** stdin and stderr are a terminal, stdout too unless `stdoutTerminal` says otherwise. */
  readonly terminal?: boolean | undefined;
  readonly stdoutTerminal?: boolean | undefined;
  /** Width of the terminal. */
  readonly columns?: number | undefined;
  readonly stdin?: string | Uint8Array | undefined;
  /** Beside `HOME` and `NO_COLOR`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Questions in their order; any other question fails the run. */
  readonly answers?: readonly ScriptedAnswer[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** stdout takes so many writes, then nobody reads any more. */
  readonly closeStdoutAfter?: number | undefined;
  readonly now?: (() => Date) | undefined;
  /** Told of each write to stdout. */
  readonly onWrite?: ((text: string) => void) | undefined;
}

/** What a command line left behind. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Each write to stdout by itself. */
  readonly writes: readonly string[];
  /** Questions that were asked. */
  readonly questions: readonly Question[];
  /** stdout as JSON; throws where it is not one document. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into documents of every kind.
  readonly json: any;
  /** The JSON error line of stderr; throws where there is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the same.
  readonly error: any;
}

/** A home folder of its own, a clock that stands still, and command lines run in it. */
export interface World {
  readonly home: string;
  now(): Date;
  /** Moves the clock. */
  advance(milliseconds: number): void;
  /** Runs a command line without a terminal. */
  cli(...argv: readonly string[]): Promise<Outcome>;
  /** The same with its words in a list, and all the rest to choose. */
  run(argv: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Absolute path of `name` in the home folder, which is the working folder too. */
  path(name: string): string;
  /** Writes a file in the home folder. @returns its absolute path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  read(name: string): Promise<string>;
  /** Relative paths of all files in the home folder. */
  files(): Promise<string[]>;
}

/** Makes a world; its folder goes when the test has ended. */
export async function openWorld(env: Readonly<Record<string, string | undefined>> = {}): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), 'privacy-call-world-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  let at = START.getTime();
  const now = (): Date => new Date(at);
  const path = (name: string): string => join(home, name);
  const runIn = (argv: readonly string[], options: RunOptions = {}): Promise<Outcome> =>
    runOnce(argv, { now, ...options, env: { HOME: home, NO_COLOR: '1', ...env, ...options.env } }, home);
  return {
    home,
    now,
    advance: (milliseconds) => {
      at += milliseconds;
    },
    cli: (...argv) => runIn(argv),
    run: runIn,
    path,
    write: async (name, content) => {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), content);
      return path(name);
    },
    read: (name) => readFile(path(name), 'utf8'),
    files: async () => {
      const entries = await readdir(home, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },
  };
}

async function runOnce(argv: readonly string[], options: RunOptions, cwd: string): Promise<Outcome> {
  const terminal = options.terminal === true;
  const collected = collectingSink(options.stdoutTerminal ?? terminal, options.columns, options.closeStdoutAfter);
  const stdout = {
    ...collected,
    write: async (text: string) => {
      await collected.write(text);
      options.onWrite?.(text);
    },
  };
  const stderr = collectingSink(terminal, options.columns);
  const questions: Question[] = [];
  const script = [...(options.answers ?? [])];
  const context: Context = {
    stdin: sourceOf(options.stdin ?? '', terminal),
    stdout,
    stderr,
    prompt: (question) => {
      questions.push(question);
      return Promise.resolve(answerTo(question, script.shift()));
    },
    env: options.env ?? {},
    cwd,
    now: options.now ?? (() => START),
    signal: options.signal ?? new AbortController().signal,
    pid: process.pid,
    hostname: 'test-host',
    onHangup: () => undefined,
  };
  const code = await run(argv, context);
  if (script.length > 0) throw new Error(`was not asked: ${script.map(({ asks }) => asks).join(', ')}`);
  return {
    code,
    stdout: stdout.writes.join(''),
    stderr: stderr.writes.join(''),
    writes: stdout.writes,
    questions,
    get json() {
      return JSON.parse(stdout.writes.join('')) as unknown;
    },
    get error() {
      const line = stderr.writes
        .join('')
        .split('\n')
        .findLast((text) => text.startsWith('{"error":'));
      if (line === undefined) throw new Error(`no JSON error on stderr: ${stderr.writes.join('')}`);
      return (JSON.parse(line) as { error: unknown }).error;
    },
  };
}

/** Collects what is written; with `closeAfter` it rejects like a pipe whose reader is gone. */
export function collectingSink(
  isTerminal = false,
  columns?: number,
  closeAfter = Number.POSITIVE_INFINITY,
): Sink & { readonly writes: string[] } {
  const writes: string[] = [];
  return {
    writes,
    isTerminal,
    columns: isTerminal ? (columns ?? 200) : undefined,
    write: (text) => {
      if (writes.length >= closeAfter) return Promise.reject(new PipeClosed('nobody reads any more'));
      writes.push(text);
      return Promise.resolve();
    },
  };
}

function sourceOf(content: string | Uint8Array, isTerminal: boolean): Context['stdin'] {
  return {
    isTerminal,
    async *[Symbol.asyncIterator]() {
      await Promise.resolve();
      if (content.length > 0) yield Buffer.from(content);
    },
  };
}

function answerTo(question: Question, scripted: ScriptedAnswer | undefined): string {
  if (scripted === undefined) throw new Error(`unexpected question: ${question.message}`);
  if (!question.message.includes(scripted.asks)) {
    throw new Error(`asked "${question.message}" where "${scripted.asks}" was expected`);
  }
  const complaint = question.validate?.(scripted.answer);
  if (complaint !== undefined) throw new Error(`the answer "${scripted.answer}" was refused: ${complaint}`);
  return scripted.answer;
}
