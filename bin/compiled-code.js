const { readFileSync, statSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const vm = require('node:vm');

/** What npm run build made, and the only files that are compiled here. */
const BUNDLE = join(__dirname, '../bundle');

/**
 * Compiling is a third of what a short command takes beyond Node's own start. So the package holds what V8 made, by `npm run build`, of the files that
 * frequent commands load. It is of use to the Node that made it only, built as it was: any other finds nothing here, compiles what it runs, and is slower,
 * not different. Of its own, V8 refuses what was made with other flags or from a source of another length, and what is cut off. It does not notice what
 * was altered at the same length, in the code or in the source: files of the bundle carry a hash of their text in the name, and are not to be edited.
 */
const FOLDER = join(BUNDLE, 'code', `${process.version}-${process.platform}-${process.arch}`);

/**
 * How this Node was built, and its size, which tells apart what was built from the same settings by another compiler or for another C library; stands
 * beside the code. It points into the heap that Node begins with, and the V8 of Node 20 does not check whether that is the same. Paths are left out: they
 * say nothing, but where somebody has built it.
 */
const BUILD = JSON.stringify([
  ['size', statSync(process.execPath, { throwIfNoEntry: false })?.size ?? -1],
  ...Object.entries(process.config.variables).filter(([, is]) => typeof is !== 'object' && !String(is).includes('/')),
]);

/** As Node wraps a module. */
const HEAD = '(function (exports, require, module, __filename, __dirname) {';

const isOurs = read('build.json')?.toString() === BUILD;

require.extensions['.cjs'] = (module, filename) => {
  // What others have loaded into this process (`node --require`) may load more, later.
  if (dirname(filename) !== BUNDLE) return require.extensions['.js'](module, filename);
  // All files of the bundle are plain ASCII.
  const script = new vm.Script(`${HEAD}${readFileSync(filename, 'latin1')}\n})`, {
    filename: shownName(filename),
    columnOffset: -HEAD.length,
    cachedData: isOurs ? read(`${basename(filename, '.cjs')}.bin`) : undefined,
  });
  const run = script.runInThisContext();
  run.call(module.exports, module.exports, (id) => module.require(id), module, filename, dirname(filename));
};

/** As traces name a file. Code keeps the name that it was made with, so it is one that is the same on every machine: where the package lies is not in it. */
function shownName(filename) {
  return `privacy-call/bundle/${basename(filename)}`;
}

/** @returns `undefined` where it cannot be read: nothing is lost but time. */
function read(name) {
  try {
    return readFileSync(join(FOLDER, name));
  } catch {
    return undefined;
  }
}

module.exports = { FOLDER, BUILD };
