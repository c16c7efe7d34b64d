import { createHash } from 'node:crypto';

const MAX_BYTES = 180;
/** Names that Windows gives to devices, whatever follows the first dot. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;

/**
 * A text as the name of one file or folder that every file system takes and no shell or terminal stumbles over: NFC, no
 * separators, control, bidirectional or zero-width characters, no device names, no leading dot or hyphen, no trailing dot or
 * blank, at most 180 bytes of UTF-8 (a cut name ends in `~` and eight digits of its hash, before the extension). Never empty.
 */
export function safeSegment(text: string): string {
  const clean = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"/\\|?*\uFFFD]/g, '_')
    .replace(/\s/g, ' ')
    .replace(/^ +|[. ]+$/g, '');
  const named = clean === '' || /^[.\-~]/.test(clean) || RESERVED.test(clean) ? `_${clean}` : clean;
  return Buffer.byteLength(named) <= MAX_BYTES ? named : shorten(named);
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
