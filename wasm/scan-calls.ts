// AssemblyScript, built into src/notifications/quick/scanner-binary.ts by `npm run wasm`.
//
// Finds the CDRs in lines of the platform's own compact form and takes from them what counting and choosing need. Whatever is unusual in a line
// (escapes, blanks between tokens, nested values, a key twice, odd types, times of another form, invalid UTF-8) makes it an odd line, which the
// full parser reads. What is accepted here must mean the same there: change these files only together with test/unit/notifications/quick.

export { INPUT, MARGIN, ROWS, ROW_BYTES, MAX_ROWS, HASHES, FACTS, TEXTS, LINES, MAX_LINES, FIELDS } from './scanner/memory';
// These are exported so that they are not written into `scanCall`, where they would take registers from what is done for every field.
export { otherNode, remember } from './scanner/fields';
export { keep } from './scanner/values';
export { endOfText, wordLength } from './scanner/texts';
// What the host calls, and what it reads afterwards.
export { lineCount, oddCount, scan } from './scanner/lines';
export { high, low, hashObject } from './scanner/hash-object';
