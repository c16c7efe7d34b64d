import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readyText } from './ready-text.js';

/** Scripts ask for the version again and again, people for help: both cost little more than Node itself. @returns whether that was all that was asked. */
export function answerAtOnce(): boolean {
  const text = answer();
  if (text === undefined) return false;
  // As in main: a reader that is gone is no failure, a full disk is.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exitCode = 14;
  });
  process.stdout.write(text);
  return true;
}

/** Runs the command that was typed; the process ends by itself, with its exit code. */
export function startProgram(): void {
  void import('./main.js');
}

function answer(): string | undefined {
  const words = process.argv.slice(2);
  if (words.length > 1) return undefined;
  switch (readyText(words, process.stdout.isTTY ? process.stdout.columns : undefined)) {
    case 'version':
      return `${(JSON.parse(read('../package.json')) as { version: string }).version}\n`;
    case 'help':
      // Written by scripts/bundle.js; modules that are started from dist/ have none.
      return existsSync(join(import.meta.dirname, 'help.txt')) ? read('help.txt') : undefined;
    default:
      return undefined;
  }
}

function read(path: string): string {
  return readFileSync(join(import.meta.dirname, path), 'utf8');
}
