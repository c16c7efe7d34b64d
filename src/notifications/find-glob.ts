import { join, parse, sep } from 'node:path';
import { readFolder } from './read-folder.js';

/** Whether `pattern` has wildcards. */
export function isGlob(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/**
 * Files and folders that match an absolute pattern: `*` and `?` stand for characters of a name, `**` for folders of any depth. Names
 * that begin with a dot must be asked for. Node 20 has no such function that is stable.
 * @returns paths without order; empty when nothing matches or a folder cannot be read.
 */
export async function findGlob(pattern: string): Promise<string[]> {
  const { root } = parse(pattern);
  const matches = new Set<string>();
  await walk(root, pattern.slice(root.length).split(sep).filter(Boolean), matches);
  return [...matches];
}

async function walk(folder: string, segments: readonly string[], matches: Set<string>): Promise<void> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return;
  if (!isGlob(segment)) {
    if (rest.length > 0) return walk(join(folder, segment), rest, matches);
    if ((await list(folder)).some(({ name }) => name === segment)) matches.add(join(folder, segment));
    return;
  }
  if (segment === '**' && rest.length > 0) await walk(folder, rest, matches);
  const wanted = patternOf(segment);
  for (const { name, isFolder } of await list(folder)) {
    if (!wanted.test(name)) continue;
    const path = join(folder, name);
    if (segment === '**' && isFolder) await walk(path, segments, matches);
    if (segment === '**' ? rest.length === 0 && !isFolder : rest.length === 0) matches.add(path);
    else if (segment !== '**' && isFolder) await walk(path, rest, matches);
  }
}

function patternOf(segment: string): RegExp {
  const body = segment
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${segment.startsWith('.') ? '' : '(?!\\.)'}${body}$`, 'su');
}

async function list(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  try {
    const entries = await readFolder(folder, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    return [];
  }
}
