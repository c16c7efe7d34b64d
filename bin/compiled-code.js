const { readFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const vm = require('node:vm');

/**
 * Compiling is a third of what a short command takes beyond Node's own start. So the package holds what V8 made, by `npm run build`, of the files that
 * frequent commands load. It is of use to the V8 that made it only, built as it was: any other finds nothing here, compiles what it runs, and is slower,
 * not different. Of its own, V8 refuses what was made with other flags or from a source of another length, and what is cut off.
 */
const FOLDER = join(__dirname, '../bundle/code', `${process.versions.v8}-${process.arch}`);

/** How this V8 was built, as far as its code depends on it; stands beside the code. */
const BUILD = JSON.stringify(Object.entries(process.config.variables).filter(([name]) => name.startsWith('v8_')));

/** As Node wraps a module. */
const HEAD = '(function (exports, require, module, __filename, __dirname) {';

const isOurs = read('build.json')?.toString() === BUILD;

require.extensions['.cjs'] = (module, filename) => {
  // All files of the bundle are plain ASCII.
  const script = new vm.Script(`${HEAD}${readFileSync(filename, 'latin1')}\n})`, {
    filename,
    columnOffset: -HEAD.length,
    cachedData: isOurs ? read(`${basename(filename, '.cjs')}.bin`) : undefined,
  });
  const run = script.runInThisContext();
  run.call(module.exports, module.exports, (id) => module.require(id), module, filename, dirname(filename));
};

/** @returns `undefined` where it cannot be read: nothing is lost but time. */
function read(name) {
  try {
    return readFileSync(join(FOLDER, name));
  } catch {
    return undefined;
  }
}

module.exports = { FOLDER, BUILD };
