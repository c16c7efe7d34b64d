import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readyText } from './ready-text.js';

/** Scripts ask for the version again and again, people for help: both cost little more than Node itself. @returns whether that was all that was asked. */
export function answerAtOnce(): boolean {
  const text = answer();
  if (text === undefined) return false;
  // As in main: a reader that is gone is no failure, a full disk is.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    process.stderr.write(`error: cannot write to stdout: ${code === 'ENOSPC' ? 'no space left' : code}\n`);
    process.exitCode = 14;
  });
  process.stdout.write(text);
  return true;
}

/**
 * Runs the command that was typed; the process ends by itself, with its exit code.
 * @param prepare makes the rest start quicker.
 */
export async function startProgram(prepare: () => void): Promise<void> {
  try {
    prepare();
    await import('./main.js');
  } catch (error) {
    const told = cannotStart(error as NodeJS.ErrnoException);
    if (told === undefined) throw error;
    process.stderr.write(told);
    process.exitCode = 14;
  }
}

/** In words of its own: what words failures could not be loaded. @returns `undefined` for a defect. */
function cannotStart({ code, syscall }: NodeJS.ErrnoException): string | undefined {
  const start = 'error: privacy-call cannot start:';
  if (code === 'EMFILE' || code === 'ENFILE')
    return `${start} too many open files (${code})\nhint:  Allow more of them (ulimit -n 1024).\n`;
  if (syscall === 'uv_cwd') return `${start} the working folder is gone\nhint:  Change to one that is there.\n`;
  return undefined;
}

/** @returns `undefined` also where a text cannot be read: the program prints it without the file, or says what is wrong. */
function answer(): string | undefined {
  const words = process.argv.slice(2);
  if (words.length > 1) return undefined;
  try {
    switch (readyText(words, process.stdout.isTTY ? process.stdout.columns : undefined)) {
      case 'version':
        return `${(JSON.parse(read('../package.json')) as { version: string }).version}\n`;
      case 'help':
        // Written by scripts/bundle.js; modules that are started from dist/ have none.
        return read('help.txt');
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  return readFileSync(join(import.meta.dirname, path), 'utf8');
}
