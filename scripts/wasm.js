// Builds wasm/scan-calls.ts (AssemblyScript) into src/notifications/quick/scanner-binary.ts. The same source gives the same bytes.
//   node scripts/wasm.js [--check]    --check writes nothing and fails when the file is not what the source gives.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { format, resolveConfig } from 'prettier';

const SOURCE = fileURLToPath(new URL('../wasm/scan-calls.ts', import.meta.url));
const TARGET = fileURLToPath(new URL('../src/notifications/quick/scanner-binary.ts', import.meta.url));
/** 128 pages of 64 KiB: what the layout in the source needs. */
const OPTIONS =
  '-O3 --noAssert --runtime stub --enable simd,threads --sharedMemory --importMemory --initialMemory 192 --maximumMemory 192 --use abort= --outFile out.wasm';

let binary;
const { error, stderr } = await asc.main(['scan-calls.ts', ...OPTIONS.split(' ')], {
  readFile: async (name) => (name === 'scan-calls.ts' ? readFile(SOURCE, 'utf8') : null),
  writeFile: (name, content) => {
    if (name === 'out.wasm') binary = Buffer.from(content);
  },
  listFiles: () => [],
});
if (error) throw new Error(`${error.message}\n${stderr.toString()}`);

const text = `// Built from wasm/scan-calls.ts by scripts/wasm.js: not to be edited.

/** The WebAssembly module that scans CDRs, in base64. */
export const SCANNER_BINARY = '${binary.toString('base64')}';
`;
const made = await format(text, { ...(await resolveConfig(TARGET)), filepath: TARGET });
if (process.argv.includes('--check')) {
  if ((await readFile(TARGET, 'utf8')) !== made) {
    console.error(`${TARGET} is not what wasm/scan-calls.ts gives: run "npm run wasm".`);
    process.exitCode = 1;
  }
} else {
  await writeFile(TARGET, made);
  console.log(`${binary.length} bytes of WebAssembly`);
}
