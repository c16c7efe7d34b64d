import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MARK = '--- block';
/** Only a hang ends a session early. */
const LONGEST_MS = 540_000;

/** What one block printed. */
export interface BlockResult {
  readonly stdout: string;
}

/** How a session went. */
export interface SessionResult {
  /** Exit code of the shell; anything but 0 means that the last of `blocks` failed. */
  readonly code: number | null;
  readonly blocks: readonly BlockResult[];
  readonly stderr: string;
}

/**
 * Runs shell blocks one after another in one `bash -eu` in which `privacy-call` is the built program: HOME is new, the folder holds
 * the sample files of test/fixtures/readme. Leaves nothing behind.
 */
export async function runSession(blocks: readonly string[]): Promise<SessionResult> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'privacy-call-readme-')));
  try {
    const [home, bin, cwd] = [join(base, 'home'), join(base, 'bin'), join(base, 'work')];
    await Promise.all([mkdir(home), mkdir(bin), cp(join(ROOT, 'test/fixtures/readme'), cwd, { recursive: true })]);
    const wrapper = join(bin, 'privacy-call');
    await writeFile(wrapper, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'bin/privacy-call.js')}" "$@"\n`);
    await chmod(wrapper, 0o755);
    const script = blocks.map((block, index) => `echo '${MARK} ${index}'\n${block}`).join('\n');
    // Servers that a failed block left behind end with the shell.
    const ending = `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n`;
    return await runBash(`${ending}${script}`, {
      cwd,
      env: {
        HOME: home,
        PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
        LANG: 'C.UTF-8',
        TMPDIR: base,
        // Nobody listens there: a request that would leave the machine fails.
        HTTP_PROXY: 'http://127.0.0.1:9',
        HTTPS_PROXY: 'http://127.0.0.1:9',
        NO_PROXY: '127.0.0.1',
      },
    });
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

function runBash(
  script: string,
  options: { readonly cwd: string; readonly env: Record<string, string> },
): Promise<SessionResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-eu', '-c', script], {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const hung = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, LONGEST_MS);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(hung);
      const [, ...parts] = Buffer.concat(out)
        .toString('utf8')
        .split(/^--- block \d+\n/m);
      resolve({
        code,
        blocks: parts.map((stdout) => ({ stdout })),
        stderr: Buffer.concat(err).toString('utf8'),
      });
    });
  });
}
