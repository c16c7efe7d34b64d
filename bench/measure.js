// How every part of the benchmark starts a process, and how it prints what it measured.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TIME = '/usr/bin/time';

/** Whether peak memory can be measured. */
export const HAS_TIME = existsSync(TIME);

/** The program as users start it. */
export const BIN = fileURLToPath(new URL('../bin/privacy-call.js', import.meta.url));

const env = { ...process.env, NO_COLOR: '1' };
// Reading extra certificates at every start is no part of any tool.
delete env.NODE_EXTRA_CA_CERTS;

/**
 * Runs a command to its end.
 * @param how `head`: stdout is closed after the first piece.
 * @returns seconds, peak memory in MB (NaN where it cannot be measured), output.
 */
export async function measure(words, { head = false, env: more = {}, cwd } = {}) {
  const timed = HAS_TIME ? [TIME, '-f', 'peak %M', ...words] : words;
  const startedAt = performance.now();
  const child = spawn(timed[0], timed.slice(1), { env: { ...env, ...more }, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const out = [];
  const err = [];
  child.stdout.on('data', (chunk) => {
    if (out.length < 5000) out.push(chunk);
    if (head) child.stdout.destroy();
  });
  child.stderr.on('data', (chunk) => err.push(chunk));
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  const seconds = (performance.now() - startedAt) / 1000;
  const talk = Buffer.concat(err).toString();
  if (code !== 0) throw new Error(`${words.slice(0, 4).join(' ')} ended with ${code}: ${talk}`);
  return { seconds, peak: Number(/peak (\d+)/.exec(talk)?.[1]) / 1024, text: Buffer.concat(out).toString() };
}

/** Whether a program of this name starts. */
export const isInstalled = (name) =>
  measure([name, '--version']).then(
    () => true,
    () => false,
  );

export const median = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** Prints a row of a Markdown table. */
export const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
