// Runs the parts of `npm run check` side by side, as many at once as there are processors, the longest first. What a part says is
// printed when it has ended, in one piece; all parts run, and the exit code is 1 when one of them fails.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

const PARTS = [
  { name: 'lint', command: 'eslint .' },
  // The READMEs are compared with the tables of what was built.
  { name: 'build and docs', command: 'npm run --silent build && node scripts/docs.js --check' },
  { name: 'format', command: 'prettier --check .' },
  { name: 'types', command: 'tsc --noEmit' },
  { name: 'wasm', command: 'node scripts/wasm.js --check' },
];

/** Runs a part. @returns whether it passed. */
function run({ name, command }) {
  const begun = performance.now();
  const said = [];
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => said.push(piece));
    child.on('error', (error) => said.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (code, signal) => {
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      const passed = code === 0;
      console.log(`${passed ? 'passed' : 'FAILED'}  ${name}, ${seconds} s${signal === null ? '' : `, ${signal}`}`);
      if (!passed) process.stdout.write(Buffer.concat(said));
      resolve(passed);
    });
  });
}

const waiting = [...PARTS];
const failed = [];

async function work() {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    if (!(await run(part))) failed.push(part.name);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
