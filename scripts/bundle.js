// Bundles the program and all it needs into bundle/, split by command: CommonJS, which Node starts faster than modules.
//   node scripts/bundle.js [--watch]    --watch builds again on every change.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown, watch } from 'rolldown';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const ENTRY = at('src/start.ts');

/**
 * What is one file, as every file costs its opening: the modules that all of these import, the earlier group first. Commands of other kinds share so little with
 * these that a file for each is less to read.
 */
const TOGETHER = {
  ready: ['start'],
  program: ['main'],
  common: ['commands/inspect', 'commands/bind'],
  codes: ['commands/list-records', 'commands/explain'],
  records: ['commands/list-records'],
  scanner: ['notifications/seen-records', 'notifications/quick/scan-lines'],
  explain: ['commands/explain'],
};

/** What every command needs beside the program: too little for a file. */
const WITH_PROGRAM = at('src/commands/command.ts');

const reaches = new Map();

/** Commander would load what starts processes with every command; no command here is a program of its own. */
const lazyProcesses = {
  name: 'lazy-processes',
  resolveId: (id, importer) =>
    id === 'node:child_process' && importer?.includes('commander') ? '\0lazy-processes' : undefined,
  load: (id) =>
    id === '\0lazy-processes'
      ? "module.exports = { spawn: (...words) => require('node:child_process').spawn(...words) };"
      : undefined,
};

/** Node reads a file of plain ASCII quicker, and holds it in half the memory. Outside of texts there is nothing else in any file. */
const plainAscii = {
  name: 'plain-ascii',
  generateBundle: (_, files) => {
    for (const file of Object.values(files)) {
      if (file.type !== 'chunk') continue;
      if (/[^.\w]import\(/.test(file.code)) throw new Error(`${file.fileName}: import() is not taken in CommonJS`);
      file.code = file.code.replace(/(\\*)([^\0-\x7f])/g, (found, slashes, unit) => {
        if (slashes.length % 2 === 1)
          throw new Error(`${file.fileName}: an escaped ${found} cannot be written in ASCII`);
        return `${slashes}\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
      });
    }
  },
};
/**
 * Node 20 compiles what is in brackets at once only where it is a `function`: an arrow is read over first, and again when it runs. What wraps a module
 * runs once, at once.
 */
const wrappedByFunctions = {
  name: 'wrapped-by-functions',
  renderChunk: (code, { fileName }) => {
    const wrapped = /^(var require_[\w$]+ = \/\* @__PURE__ \*\/ [\w$.]+\(\()\(([\w$, ]*)\) => \{/gm;
    const changed = code.replace(wrapped, '$1function ($2) {');
    if (/^var require_[^(\n]*\(\(\(/m.test(changed)) throw new Error(`${fileName}: modules are wrapped in another way`);
    return changed;
  },
};
const input = {
  input: { main: ENTRY },
  platform: 'node',
  plugins: [lazyProcesses, wrappedByFunctions, plainAscii],
  tsconfig: at('tsconfig.json'),
};
const output = {
  dir: at('bundle'),
  format: 'cjs',
  // What bin/compiled-code.js compiles cannot import modules of Node, only require them.
  dynamicImportInCjs: false,
  // Names of functions and classes stay, for the traces of --debug; all others, private methods too, are short: Node reads every byte before it runs the first.
  minify: { mangle: { keepNames: true }, compress: true, codegen: { removeWhitespace: true } },
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
  exports: 'named',
  codeSplitting: {
    groups: Object.entries(TOGETHER).map(([name, roots], index, { length }) => ({
      name: (id, modules) =>
        (name === 'program' && id === WITH_PROGRAM) ||
        roots.every((root) => reachOf(at(`src/${root}.ts`), modules).has(id))
          ? name
          : null,
      test: (id) => id !== ENTRY,
      debugName: name,
      // What is in the first one is not in the others.
      priority: length - index,
    })),
  },
};

/** The modules that `root` imports, and what those import; not what is imported when it is needed. */
function reachOf(root, modules) {
  const known = reaches.get(root);
  if (known !== undefined) return known;
  const reach = new Set([root]);
  for (const id of reach) for (const next of modules.getModuleInfo(id)?.importedIds ?? []) reach.add(next);
  reaches.set(root, reach);
  return reach;
}

rmSync(output.dir, { recursive: true, force: true });
if (process.argv.includes('--watch')) {
  watch({ ...input, output }).on('event', ({ code, error }) => {
    if (code === 'START') reaches.clear();
    if (code === 'END') console.log('built');
    if (code === 'ERROR') console.error(error.message);
  });
} else {
  const bundle = await rolldown(input);
  const { output: files } = await bundle.write(output);
  await bundle.close();
  writeLicences(files);
  await writeHelp();
}

/** The program's help as it prints it itself, by the modules that were compiled just before. A bundle without it prints the same, later. */
async function writeHelp() {
  const { run } = await import('../dist/program.js');
  let text = '';
  const stdout = { isTerminal: false, write: async (part) => void (text += part) };
  const code = await run(['--help'], { env: {}, signal: AbortSignal.abort(), stdout, stderr: stdout });
  if (code !== 0) throw new Error(text);
  writeFileSync(`${output.dir}/help.txt`, text);
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
