// Builds wasm/*.ts (AssemblyScript) into src/notifications/quick/*-binary.ts. The same source gives the same bytes.
//   node scripts/wasm.js [--check]    --check writes nothing and fails when a file is not what its source gives.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { format, resolveConfig } from 'prettier';

const SHARED = '--enable simd,threads --sharedMemory --initialMemory 336 --maximumMemory 336';
const MODULES = [
  { source: 'scan-calls', target: 'scanner-binary', name: 'SCANNER_BINARY', says: 'scans CDRs', options: SHARED },
  {
    source: 'known-hashes',
    target: 'known-binary',
    name: 'KNOWN_BINARY',
    says: 'keeps known hashes',
    options: '--enable simd --initialMemory 8',
  },
  {
    source: 'count-calls',
    target: 'counter-binary',
    name: 'COUNTER_BINARY',
    says: 'counts calls',
    options: '--enable simd --initialMemory 96',
  },
];
/** The compiler asks for many files that there are not, in places of its own too. */
const SOURCE = /^(?:[\w-]+\/)?[\w-]+\.ts$/;
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

async function compile(source, options) {
  let binary;
  const words =
    `${source}.ts -O3 --noAssert --runtime stub --importMemory --use abort= --outFile out.wasm ${options}`.split(' ');
  const { error, stderr } = await asc.main(words, {
    readFile: (name) => (SOURCE.test(name) ? readFile(at(`wasm/${name}`), 'utf8').catch(() => null) : null),
    writeFile: (name, content) => {
      if (name === 'out.wasm') binary = Buffer.from(content);
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return binary;
}

for (const { source, target, name, says, options } of MODULES) {
  const binary = await compile(source, options);
  const path = at(`src/notifications/quick/${target}.ts`);
  const text = `// Built from wasm/${source}.ts by scripts/wasm.js: not to be edited.

/** The WebAssembly module that ${says}, in base64. */
export const ${name} = '${binary.toString('base64')}';
`;
  const made = await format(text, { ...(await resolveConfig(path)), filepath: path });
  if (!process.argv.includes('--check')) {
    await writeFile(path, made);
    console.log(`${source}: ${binary.length} bytes of WebAssembly`);
  } else if ((await readFile(path, 'utf8')) !== made) {
    console.error(`${path} is not what wasm/${source}.ts gives: run "npm run wasm".`);
    process.exitCode = 1;
  }
}
