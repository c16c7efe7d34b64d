import { posix, relative, resolve, sep } from 'node:path';
import { recordingName, type NameOptions, type NameTemplate } from './recording-name.js';
import { markSegment } from './safe-segment.js';
import type { ArchiveEntry } from '../store/archive-entry.js';
import type { RecordingItem } from './plan-recordings.js';

/** How recordings are named. */
export interface NamingRules {
  /** Folder that all names are relative to. */
  readonly root: string;
  readonly template: NameTemplate;
  readonly naming: NameOptions;
}

/**
 * A name for each recording, relative to the root, by its key; no two are the same to a file system that takes upper and lower case
 * or the forms of an accented letter for one. The first one gets the plain name, each further one a mark of its key.
 * @param items in the order of the run.
 * @param archived recordings whose names below the root are taken, each by its own key.
 */
export function allocateNames(
  items: readonly RecordingItem[],
  archived: Iterable<ArchiveEntry>,
  rules: NamingRules,
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { key, file } of archived) owners.set(fold(relative(rules.root, resolve(file)).split(sep).join('/')), key);
  const names = new Map<string, string>();
  for (const { key, record } of items) {
    const plain = recordingName(rules.template, record, rules.naming);
    const name = isFree(owners.get(fold(plain)), key) ? plain : marked(plain, key);
    owners.set(fold(name), key);
    names.set(key, name);
  }
  return names;
}

function isFree(owner: string | undefined, key: string): boolean {
  return owner === undefined || owner === key;
}

function marked(name: string, key: string): string {
  const { dir, base } = posix.parse(name);
  return posix.join(dir, markSegment(base, key));
}

/** What file systems that do not tell case apart compare: `ß` and `SS`, `ſ` and `s` too. */
function fold(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase();
}
