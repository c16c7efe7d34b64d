const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;
const ESCAPE_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/**
 * Text from outside for a terminal: escape sequences and control characters are gone, characters that reorder or hide text are
 * shown as `\u202e`. Tabs and line breaks stay.
 */
export function safeText(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCE, '')
    .replace(CONTROL, '')
    .replace(INVISIBLE, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/**
 * A sentence for people that may hold names of others: as {@link safeText}, and a line break or tab in such a name is shown as `\n`, `\r` or `\t`. A
 * line break before two blanks stays: sentences list things so.
 */
export function safeMessage(text: string): string {
  const shown = text
    .replace(/\n(?! {2})/g, '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return safeText(shown);
}

/** As {@link safeText} in one line: a line break or tab becomes a blank. */
export function safeLine(text: string): string {
  return safeText(text.replace(/\r?\n|[\r\t]/g, ' '));
}

/**
 * JSON text that is safe on a terminal too: `JSON.stringify` leaves DEL, C1 and the characters that reorder text as they are; here they
 * are escaped, which changes nothing for a reader of JSON.
 */
export function safeJson(json: string): string {
  return json.replace(
    /[\u007f-\u009f]|[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g,
    (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    },
  );
}
