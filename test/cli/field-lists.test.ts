import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PLAN_FIELDS } from '../../src/commands/bulk/plan-view.js';
import type { CommandModule } from '../../src/commands/command.js';
import { fieldNames } from '../../src/commands/field-names.js';
import { COMMAND_TREE, isNoun } from '../../src/commands/tree.js';
import { openWorld, type World } from '../helpers/world.js';

/** What help lists under Output is all that the JSON has, but for the `kind` of each thing. */

const PLATFORM = fileURLToPath(new URL('../fixtures/platform/', import.meta.url));
const [A, B] = ['13800000001', '13800000002'];
/** What the platform sent, and values that the tool hands on as they are. */
const WHOLE: ReadonlySet<string> = new Set(['raw']);

async function commandOf(path: readonly string[]): Promise<CommandModule> {
  const [first, second] = path;
  const node = COMMAND_TREE.flatMap(({ nodes }) => nodes).find(({ name }) => name === first);
  const leaf = node !== undefined && isNoun(node) ? node.verbs.find(({ name }) => name === second) : node;
  if (leaf === undefined || isNoun(leaf)) throw new Error(`no command ${path.join(' ')}`);
  return (await leaf.load()).command;
}

/** Names of a thing's members, with dots into objects; of a list, those of its things. */
function namesIn(value: unknown, prefix: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => namesIn(one, prefix));
  if (typeof value !== 'object' || value === null || WHOLE.has(prefix)) return [prefix];
  return Object.entries(value).flatMap(([name, inner]) =>
    prefix === '' && name === 'kind' ? [] : namesIn(inner, prefix === '' ? name : `${prefix}.${name}`),
  );
}

/** Runs a command and gives what its JSON has beside what help lists. */
async function unlisted(world: World, line: string): Promise<readonly string[]> {
  const words = line.split(' ');
  const path = words.slice(0, words[1]?.startsWith('-') === false ? 2 : 1);
  const { help } = await commandOf(path);
  const ran = await world.cli('-p', 'sandbox', ...words, '--yes', '--json');
  expect(ran.code, `${line}\n${ran.stderr}`).toBe(0);
  const { item, items } = ran.json as { readonly item?: unknown; readonly items?: readonly unknown[] };
  const things = items ?? [item];
  expect(things.length, line).toBeGreaterThan(0);
  const listed = fieldNames(help.output);
  const names = new Set(things.flatMap((thing) => namesIn(thing, '')));
  return [...names].filter((name) => !listed.some((one) => name === one || name.startsWith(`${one}.`)));
}

describe('the fields that help lists', () => {
  it.each([
    ['ax', `-a ${A} -x 17000000101`],
    ['axb', `-a ${A} -b ${B} --area 0755 --ttl 2h --record --record-tone tone.wav`],
    ['axe', `-a ${A} -x 17000000301 --ext 1234 --ttl 2h`],
    ['axyb', `-a ${A} --area 0755 --ttl 2h`],
  ])('are those of a binding of %s', async (mode, flags) => {
    const world = await openWorld();
    expect(await unlisted(world, `bind --mode ${mode} ${flags} --user-data order-1`)).toEqual([]);
    const list = await world.cli('-p', 'sandbox', 'bindings', 'list', '--json');
    const { subscriptionId: id, x } = list.json.items[0] as Record<string, string>;
    if (mode === 'axyb') expect(await unlisted(world, `bind --mode axyb --id ${id} -b ${B}`)).toEqual([]);
    for (const line of [
      `query --mode ${mode} -x ${x} --all --adopt`,
      ...(mode === 'axyb' ? [] : [`update --mode ${mode} --id ${id} --user-data order-2`]),
      'bindings list',
      // A binding of AX has no end.
      ...(mode === 'ax' ? [] : ['bindings expiring']),
      `bindings show ${id}`,
      'numbers list',
      `numbers show ${x}`,
      'numbers refresh',
      `unbind --mode ${mode} --id ${id}${mode === 'axyb' ? ' --expect 1' : ''}`,
      'bindings list --state all',
    ])
      expect(await unlisted(world, line), line).toEqual([]);
  });

  it.each([
    ['cdr list', 'axb-cdr.json'],
    ['cdr list', 'ax-cdr.json'],
    ['sms list', 'axb-sms-notify.json'],
    ['sms list', 'ax-sms-notify.json'],
    ['events list', 'axb-event-disconnect.json'],
    ['events list', 'axe-event-disconnect.json'],
    ['inspect', 'axb-cdr.json'],
    ['inspect', 'x-sms-notify.json'],
  ])('are those of %s %s', async (command, file) => {
    const world = await openWorld();
    expect(await unlisted(world, `${command} ${PLATFORM}${file}`)).toEqual([]);
  });

  it('are those of a plan, a job and what the sandbox does', async () => {
    const world = await openWorld();
    await world.write('rows.csv', `a,b,x\n${A},${B},17000000201\n${A},,17000000201\n`);
    const plan = await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', '--file', 'rows.csv', '--dry-run', '--json');
    const item = plan.json.item as { readonly kind: string; readonly problems: readonly unknown[] };
    expect(item.problems).toHaveLength(1);
    expect([...new Set(namesIn(item, ''))].sort()).toEqual([...fieldNames(PLAN_FIELDS)].sort());
    await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', '--file', 'rows.csv', '--yes');
    for (const line of [
      'jobs list',
      `sandbox call --from ${B} --to 17000000201 --talk 65s --record`,
      `sandbox sms --from ${B} --to 17000000201`,
      'sandbox number 17000000212 --status 10 --cause 3',
      'sandbox fault slow --count 2',
      'sandbox clock --advance 1s',
      'sandbox reset --seed 7',
      'doctor',
    ])
      expect(await unlisted(world, line), line).toEqual([]);
  });
});
