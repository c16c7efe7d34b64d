import { createHash } from 'node:crypto';
import { extname } from 'node:path';

/** With the mark of {@link markSegment} and the `.json` of a sidecar a name still has at most 180 bytes. */
const MAX_BYTES = 166;
/** Names that Windows gives to devices, whatever follows the first dot; blanks before it do not count. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)/i;

/**
 * A text as the name of one file or folder that every file system takes and no shell or terminal stumbles over: NFC, no
 * separators, control, bidirectional or zero-width characters, no device names, no leading dot or hyphen, no trailing dot or
 * blank, at most 166 bytes of UTF-8 (a cut name ends in `~` and eight digits of its hash, before the extension). Never empty.
 */
export function safeSegment(text: string): string {
  const clean = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"/\\|?*\uFFFD]/g, '_')
    .replace(/\s/g, ' ')
    // What was taken out may have stood between a letter and its accent.
    .normalize('NFC')
    .replace(/^ +|[. ]+$/g, '');
  const named = clean === '' || /^[.\-~]/.test(clean) || RESERVED.test(clean) ? `_${clean}` : clean;
  return Buffer.byteLength(named) <= MAX_BYTES ? named : shorten(named);
}

/**
 * Another name for a file whose own is taken: `call.wav` becomes `call~1a2b3c4d.wav`.
 * @param segment a name by {@link safeSegment}.
 * @param key what the file is known by; the same key always gives the same mark.
 */
export function markSegment(segment: string, key: string): string {
  const extension = extname(segment);
  const mark = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return `${segment.slice(0, segment.length - extension.length)}~${mark}${extension}`;
}

function shorten(name: string): string {
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? '';
  const tail = `~${createHash('sha256').update(name).digest('hex').slice(0, 8)}${extension}`;
  const room = MAX_BYTES - Buffer.byteLength(tail);
  let stem = '';
  let used = 0;
  for (const character of name.slice(0, name.length - extension.length)) {
    used += Buffer.byteLength(character);
    if (used > room) break;
    stem += character;
  }
  return `${stem.trimEnd()}${tail}`;
}
