// Bundles the program and all it needs into bundle/, split by command: CommonJS, which Node starts faster than modules.
//   node scripts/bundle.js [--watch]    --watch builds again on every change.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown, watch } from 'rolldown';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const input = {
  input: { main: at('src/start.ts') },
  platform: 'node',
  tsconfig: at('tsconfig.json'),
};
const output = {
  dir: at('bundle'),
  format: 'cjs',
  // Names stay, for the traces of --debug.
  minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
  exports: 'named',
};

rmSync(output.dir, { recursive: true, force: true });
if (process.argv.includes('--watch')) {
  watch({ ...input, output }).on('event', ({ code, error }) => {
    if (code === 'END') console.log('built');
    if (code === 'ERROR') console.error(error.message);
  });
} else {
  const bundle = await rolldown(input);
  const { output: files } = await bundle.write(output);
  await bundle.close();
  writeLicences(files);
}

/** What is inside keeps its licence. */
function writeLicences(files) {
  const folders = files.flatMap(({ moduleIds = [] }) =>
    moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll('\\', '/'))?.[0] ?? []),
  );
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? '' : readFileSync(`${folder}/${file}`, 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  writeFileSync(`${output.dir}/LICENSES.txt`, texts.join(`\n${'-'.repeat(80)}\n\n`));
}
