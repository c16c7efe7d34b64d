import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '../../src');

/** Which rooms a room may import, beside itself, errors, exit codes, waiting and the type of the context. Same table as docs/architecture.md. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  disk: [],
  http: [],
  notifications: ['domain'],
  tables: ['domain'],
  platform: ['domain', 'disk', 'http'],
  store: ['domain', 'disk'],
  bindings: ['domain', 'tables', 'platform', 'store'],
  numbers: ['domain', 'tables', 'platform', 'store'],
  recordings: ['domain', 'disk', 'notifications', 'platform', 'store'],
  receiver: ['domain', 'notifications', 'store', 'platform/signing', 'platform/push-target'],
  replay: [
    'domain',
    'disk',
    'notifications',
    'store',
    'platform/signing',
    'platform/network',
    'platform/push-target',
    'platform/push-connector',
  ],
  sandbox: ['domain', 'disk', 'platform/declarations', 'platform/signing'],
  output: ['domain'],
  config: ['domain', 'disk'],
  commands: [
    'domain',
    'disk',
    'notifications',
    'tables',
    'platform',
    'store',
    'bindings',
    'numbers',
    'recordings',
    'receiver',
    'replay',
    'sandbox',
    'output',
    'config',
  ],
  'ready-text': [],
  errors: ['domain/text-error', 'domain/text-pair'],
  program: ['commands', 'output', 'config', 'ready-text'],
  main: ['program'],
  start: ['main', 'ready-text'],
};
const EVERYBODY = ['errors', 'exit-codes', 'context', 'sleep'];

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** Path below src without extension, or the package. */
  readonly target: string;
  readonly local: boolean;
}

function sourceFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.split(sep).join('/'))
    .sort();
}

function sourceOf(file: string): string {
  return readFileSync(join(SRC, file), 'utf8');
}

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)['"]([^'"]+)['"]/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8').replace(/^\s*(\/\*)?\*.*$/gm, '');
  return [...text.matchAll(IMPORT)].map(([, specifier = '']) => {
    const local = specifier.startsWith('.');
    const target = local ? posix.normalize(posix.join(posix.dirname(file), specifier)).replace(/\.js$/, '') : specifier;
    return { file, specifier, target, local };
  });
}

function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path.replace(/\.ts$/, '');
}

const files = sourceFiles();
const imports = files.flatMap(importsOf);

describe('the house', () => {
  it('has only the rooms of the table', () => {
    const rooms = [...new Set(files.map(roomOf))].sort();
    expect(rooms).toEqual([...new Set([...Object.keys(ARROWS), ...EVERYBODY])].sort());
  });

  it('has no arrow that the table does not allow', () => {
    const wrong = imports
      .filter(({ local }) => local)
      .filter(({ file, target }) => {
        const from = roomOf(file);
        const to = roomOf(target);
        if (from === to || EVERYBODY.includes(to)) return false;
        return !(ARROWS[from] ?? []).some(
          (allowed) => target === allowed || target.startsWith(`${allowed}/`) || to === allowed,
        );
      })
      .map(({ file, specifier }) => `${file} → ${specifier}`);
    expect(wrong).toEqual([]);
  });

  it('has no cycle', () => {
    const graph = new Map(files.map((file) => [file.replace(/\.ts$/, ''), [] as string[]]));
    for (const { file, target, local } of imports) if (local) graph.get(file.replace(/\.ts$/, ''))?.push(target);
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (node: string, path: readonly string[]): void => {
      if (path.includes(node)) {
        cycles.push([...path.slice(path.indexOf(node)), node].join(' → '));
        return;
      }
      if (done.has(node)) return;
      for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
      done.add(node);
    };
    for (const node of graph.keys()) visit(node, []);
    expect(cycles).toEqual([]);
  });

  it('imports local files with .js, and no folder as a whole', () => {
    const wrong = imports.filter(({ local, specifier }) => local && !specifier.endsWith('.js'));
    expect(wrong.map(({ file, specifier }) => `${file}: ${specifier}`)).toEqual([]);
    expect(files.filter((file) => posix.basename(file) === 'index.ts')).toEqual([]);
  });

  it('draws only in the output room, and loads heavy packages only when they are needed', () => {
    const drawing = ['chalk', 'ora', 'cli-table3'];
    const astray = imports.filter(({ file, target }) => drawing.includes(target) && roomOf(file) !== 'output');
    expect(astray.map(({ file, target }) => `${file}: ${target}`)).toEqual([]);
    const heavy = /^import (?!type\b)[^;]*from '(inquirer|got|ora|cli-table3|read-excel-file[^']*|jmespath)';/m;
    const eager = files.filter((file) => heavy.test(readFileSync(join(SRC, file), 'utf8')));
    expect(eager.filter((file) => !file.startsWith('output/'))).toEqual([]);
  });

  it('exports nothing that nobody imports', () => {
    const roots = ['bin', 'src', 'test', 'scripts', 'bench'];
    const readers = roots.flatMap((root) =>
      readdirSync(join(SRC, '..', root), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(ts|js|mjs)$/.test(name))
        .map((name) => posix.join(root, name.split(sep).join('/')))
        .map((file) => ({ file, text: readFileSync(join(SRC, '..', file), 'utf8') })),
    );
    const usersOf = new Map<string, Set<string>>();
    for (const { file, text } of readers)
      for (const [word] of text.matchAll(/\w+/g)) usersOf.set(word, (usersOf.get(word) ?? new Set()).add(file));
    const unused = readers
      .filter(({ file }) => file.startsWith('src/'))
      .flatMap(({ file, text }) =>
        [...text.matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm)].map(([, name = '']) => ({
          file,
          name,
        })),
      )
      .filter(({ name }) => (usersOf.get(name)?.size ?? 0) < 2)
      .map(({ file, name }) => `${file}: ${name}`);
    expect(unused).toEqual([]);
  });

  it('says nothing to people in English alone, where something fails', () => {
    // A hint that is only a command is the same in both languages.
    const english =
      /new (?:AppError|TransportError)\(\s*['"`][\w-]+['"`],\s*['"`]|hint: ['"`](?!privacy-call |chmod )\w/;
    const texts = files.filter((file) => file !== 'output/render-error.ts').map((file) => [file, sourceOf(file)]);
    const wrong = texts.filter(([, text = '']) => english.test(text)).map(([file]) => file);
    expect(wrong).toEqual([]);
  });

  it('keeps names that say what is inside', () => {
    const vague = files.filter((file) => /(^|\/)(utils?|helpers?|misc|shared)(\.ts|\/)/.test(file));
    expect(vague).toEqual([]);
    expect(files.filter((file) => /[A-Z_]/.test(posix.basename(file)))).toEqual([]);
  });

  it('keeps files short enough to be read at once', () => {
    const long = files
      .filter((file) => !file.startsWith('domain/catalogues/'))
      .map((file) => ({ file, lines: readFileSync(join(SRC, file), 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  it('is read from the folder the tests think', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(relative(process.cwd(), SRC)).toBe('src');
  });
});
