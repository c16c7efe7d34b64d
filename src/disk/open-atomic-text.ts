import { type AtomicFile, openAtomicFile } from './open-atomic-file.js';

/** A text that is written piece by piece, however small, and seen only when it is whole; see {@link AtomicFile}. */
export interface AtomicText extends Omit<AtomicFile, 'write'> {
  write(text: string): Promise<void>;
}

const BUFFER_CHARACTERS = 65_536;

/**
 * Starts the replacement of `path`, a private file, as {@link openAtomicFile} does.
 * @param encode makes UTF-8 unless told.
 */
export async function openAtomicText(
  path: string,
  encode: (text: string) => Uint8Array = (text) => Buffer.from(text),
): Promise<AtomicText> {
  const file = await openAtomicFile(path);
  let held = '';
  return {
    discard: () => file.discard(),
    write: async (text) => {
      held += text;
      if (held.length < BUFFER_CHARACTERS) return;
      const full = held;
      held = '';
      await file.write(encode(full));
    },
    commit: async () => {
      await file.write(encode(held));
      await file.commit();
    },
  };
}
