import { spawn } from 'node:child_process';
import { sameText, type TextPair } from '../domain/text-pair.js';

/** A command that runs beside the downloads. */
export interface CommandRun {
  /** Program and arguments; no shell sees them. */
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the command: SIGTERM, two seconds later SIGKILL. */
  readonly signal: AbortSignal;
}

const KILL_AFTER_MS = 2000;
const KEPT_TEXT = 500;

/**
 * Runs a command to its end, stdin empty. What it prints is not shown; the last line on stderr goes into the reason of a failure.
 * @returns why it failed; `undefined` when it ended with 0. Never rejects.
 */
export function runCommand({ words, cwd, env, signal }: CommandRun): Promise<TextPair | undefined> {
  const [program = '', ...args] = words;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-KEPT_TEXT);
    });
    let last: NodeJS.Timeout | undefined;
    const stop = (): void => {
      child.kill('SIGTERM');
      last = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    };
    const settle = (why: TextPair | undefined): void => {
      clearTimeout(last);
      signal.removeEventListener('abort', stop);
      resolve(why);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message;
      settle({ zh: `无法运行 ${program}：${why}`, en: `${program} cannot be run: ${why}` });
    });
    // Not `close`: a child of the command may keep the pipe open for ever.
    child.once('exit', (code, by) => {
      const line = said.trim().split('\n').at(-1) ?? '';
      const [zh, en] =
        code === null
          ? [`被 ${by ?? '信号'} 终止`, `was ended by ${by ?? 'a signal'}`]
          : [`以 ${code} 退出`, `ended with ${code}`];
      child.stderr.destroy();
      const told = line === '' ? sameText('') : { zh: `：${line}`, en: `: ${line}` };
      settle(code === 0 ? undefined : { zh: `命令${zh}${told.zh}`, en: `the command ${en}${told.en}` });
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
