/** How many lines, and how many of them count no more. */
export interface LogFigures {
  readonly lines: number;
  /** At least so many lines are superseded or damaged. */
  readonly dead: number;
  readonly damaged: number;
}

/** What has been read of a file so far; reading goes on where it stopped, unless a compaction put another file in its place. */
export interface Snapshot<T> {
  /** Device, inode and birth: a new file may get the inode of a removed one. */
  readonly identity: string;
  /** The part that is left to the index; all 0 without one. */
  readonly covered: { readonly bytes: number; readonly lines: number; readonly keys: number };
  /** Bytes read: up to the end of the last line that is whole. */
  offset: number;
  lines: number;
  damaged: number;
  /** Of the keys that have a line behind the part that is covered. */
  readonly latest: Map<string, T>;
}

/** Nothing read yet but what the index covers. */
export function newSnapshot<T>(identity: string, covered: Snapshot<T>['covered']): Snapshot<T> {
  return { identity, covered, offset: covered.bytes, lines: covered.lines, damaged: 0, latest: new Map() };
}
