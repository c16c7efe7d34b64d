import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
/** The program as users start it. Uses the built files. */
export const BIN = join(ROOT, 'bin/privacy-call.js');

/** Parsed JSON whose shape the test knows. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test reads the document it expects
export type Json = Record<string, any>;

/** A process that has ended. */
export interface Ended {
  /** Exit code; `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a process is started. */
export interface StartOptions {
  /** Beside PATH, HOME and TZ. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** All of stdin; without it stdin is empty. */
  readonly stdin?: string | Uint8Array;
  /** Command that the program is run under: `['setpriv', '--reuid=65534']`. */
  readonly under?: readonly string[];
  /** Leaves stdin open for the test to write, and stdout for the test to read. */
  readonly pipes?: boolean;
}

/** A process that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
  /** Sends `signal` and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** A server that takes requests. */
export interface RunningServer extends Running {
  /** `http://127.0.0.1:40001`. */
  readonly url: string;
}

/** A user of the machine: a home of its own that nobody else has touched, and an environment with nothing else in it. */
export interface World {
  /** Removed when the test ends. */
  readonly folder: string;
  readonly home: string;
  /** Runs the program to its end. */
  run(argv: readonly string[], options?: StartOptions): Promise<Ended>;
  /** Runs it, expects exit code 0 and gives the JSON document on stdout. */
  json(argv: readonly string[], options?: StartOptions): Promise<Json>;
  start(argv: readonly string[], options?: StartOptions): Running;
  /** Starts `listen …` or `sandbox start …` and waits until it is ready. */
  serve(argv: readonly string[], options?: StartOptions): Promise<RunningServer>;
  /** Makes the profile `shop` for the application of `mode` of a sandbox at `endpoint`. */
  login(endpoint: string, mode?: string): Promise<void>;
}

/** Makes a world for the test that is running; what it has started ends with the test. */
export async function makeWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'privacy-call-e2e-'));
  const home = join(folder, 'home');
  await mkdir(home);
  const running = new Set<Running>();
  onTestFinished(async () => {
    for (const one of running) one.child.kill('SIGKILL');
    await Promise.all([...running].map(({ ended }) => ended));
    await rm(folder, { recursive: true, force: true });
  });

  const start: World['start'] = (argv, options = {}) => {
    const [command = '', ...rest] = [...(options.under ?? []), process.execPath, BIN, ...argv];
    const process_ = startProcess(command, rest, { ...options, env: cleanEnvironment(home, options.env) });
    running.add(process_);
    void process_.ended.then(() => running.delete(process_));
    return process_;
  };
  const run: World['run'] = (argv, options) => start(argv, options).ended;
  const json: World['json'] = async (argv, options) => {
    const { code, stdout, stderr } = await run(argv, options);
    if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${String(code)}: ${stderr}`);
    return JSON.parse(stdout) as Json;
  };
  let servers = 0;
  return {
    folder,
    home,
    run,
    json,
    start,
    serve: async (argv, options) => {
      const readyFile = join(folder, `ready-${(servers += 1)}`);
      const server = start([...argv, '--ready-file', readyFile], options);
      const url = await waitForReady(server, readyFile);
      return { ...server, url };
    },
    login: async (endpoint, mode = 'axb') => {
      const secret = join(folder, 'secret.txt');
      await writeFile(secret, `sandbox-${mode}-secret\n`, { mode: 0o600 });
      const key = ['--app-key', `sandbox-${mode}-key`, '--app-secret-file', secret];
      await json(['login', 'shop', ...key, '--mode', mode, '--endpoint', endpoint, '--json']);
    },
  };
}

/** Only what every login shell has, and a zone that is not the one shown. */
export function cleanEnvironment(home: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: home, TZ: 'America/New_York', ...more };
}

/** Starts any program and gathers its output. */
export function startProcess(command: string, argv: readonly string[], options: StartOptions = {}): Running {
  const child = spawn(command, argv, { cwd: options.cwd, env: options.env, stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that does not read its stdin closes it: that is its right.
  child.stdin.on('error', () => undefined);
  if (options.pipes !== true) child.stdin.end(options.stdin ?? '');
  let stdout = '';
  let stderr = '';
  if (options.pipes !== true) child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = (once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>).then(([code, signal]) => ({
    code,
    signal,
    stdout,
    stderr,
  }));
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

async function waitForReady(server: Running, readyFile: string): Promise<string> {
  let over: Ended | undefined;
  void server.ended.then((end) => (over = end));
  const readEnd = (): Ended | undefined => over;
  while (!existsSync(readyFile)) {
    const end = readEnd();
    if (end !== undefined) throw new Error(`the server ended with ${String(end.code)}: ${end.stderr}`);
    await delay(10);
  }
  return readFileSync(readyFile, 'utf8').trim();
}

/** Waits until `holds`; only the test's own time-out ends a wait for something that never comes. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(10);
}

/** The error line of `--json`. */
export function errorOf({ stderr }: Pick<Ended, 'stderr'>): Json {
  const line = stderr.split('\n').find((text) => text.startsWith('{"error":'));
  if (line === undefined) throw new Error(`no error line in: ${stderr}`);
  return (JSON.parse(line) as { error: Json }).error;
}
