import { readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** Size of a page. Its last two words are its own number and the CRC-32 of all before. */
export const PAGE_BYTES = 4096;
const PAGE_WORDS = PAGE_BYTES / 4;
/** Words of 32 bits that a page has for its content. */
export const CONTENT_WORDS = PAGE_WORDS - 2;
/** 4 MB of pages that were read. */
const MOST_CACHED = 1024;
const FLUSH_PAGES = 256;

/** A page is not what was written: the file was cut, overwritten or belongs to something else. */
export class PageError extends Error {
  override readonly name = 'PageError';
}

/** Records of some words each, one page after the other; no record lies on two pages. */
export interface Section {
  /** Number of its first page. */
  readonly page: number;
  /** Records. */
  readonly count: number;
  /** Words of 32 bits in a record. */
  readonly words: number;
}

/** Reads pages by number, each checked when it is read. */
export class PageReader {
  readonly #fd: number;
  readonly #pages = new Map<number, Uint32Array>();

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** All words of a page, the content first. @throws {PageError} when it is not whole; the error of the file system. */
  page(number: number): Uint32Array {
    const known = this.#pages.get(number);
    if (known !== undefined) return known;
    const words = new Uint32Array(PAGE_WORDS);
    const bytes = bytesOf(words);
    const read = readSync(this.#fd, bytes, 0, PAGE_BYTES, number * PAGE_BYTES);
    if (read !== PAGE_BYTES || words[PAGE_WORDS - 2] !== number || words[PAGE_WORDS - 1] !== checksumOf(bytes))
      throw new PageError(`page ${number} is not whole`);
    if (this.#pages.size >= MOST_CACHED) this.#pages.clear();
    this.#pages.set(number, words);
    return words;
  }

  /** A word of a record. @throws as {@link page}. */
  word(section: Section, record: number, word: number): number {
    const perPage = recordsPerPage(section.words);
    const page = this.page(section.page + Math.floor(record / perPage));
    return page[(record % perPage) * section.words + word] ?? 0;
  }
}

/** Writes pages in their order; page 0 is left for {@link finish}. */
export class PageWriter {
  readonly #fd: number;
  readonly #block = new Uint32Array(PAGE_WORDS * FLUSH_PAGES);
  /** Pages of the block that are full. */
  #full = 0;
  /** Pages written before those of the block. */
  #written = 1;
  #section: { page: number; count: number; words: number } | undefined;
  #inPage = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Begins a section of records of `words` words. */
  begin(words: number): void {
    this.#section = { page: this.#written + this.#full, count: 0, words };
    this.#inPage = 0;
  }

  /** A record of the section; unused words are left out. */
  add(first: number, second = 0, third = 0, fourth = 0): void {
    const section = this.#section;
    if (section === undefined) throw new TypeError('no section was begun');
    if (this.#inPage === recordsPerPage(section.words)) this.#endPage();
    const at = this.#full * PAGE_WORDS + this.#inPage * section.words;
    this.#block[at] = first;
    if (section.words > 1) this.#block[at + 1] = second;
    if (section.words > 2) this.#block[at + 2] = third;
    if (section.words > 3) this.#block[at + 3] = fourth;
    this.#inPage += 1;
    section.count += 1;
  }

  /** Ends the section. */
  end(): Section {
    const section = this.#section;
    if (section === undefined) throw new TypeError('no section was begun');
    if (this.#inPage > 0) this.#endPage();
    this.#section = undefined;
    return section;
  }

  /** Writes the rest and page 0. @returns how many pages there are. @throws {RangeError} when `head` is longer than a page. */
  finish(head: Uint8Array): number {
    this.#flush();
    const words = new Uint32Array(PAGE_WORDS);
    if (head.length > CONTENT_WORDS * 4) throw new RangeError('the head does not fit into a page');
    bytesOf(words)
      .fill(0x20, 0, CONTENT_WORDS * 4)
      .set(head);
    seal(words, 0);
    writeAll(this.#fd, bytesOf(words), 0);
    return this.#written;
  }

  /** Pages so far, page 0 and those of an unfinished section included. */
  get pages(): number {
    return this.#written + this.#full;
  }

  #endPage(): void {
    const words = this.#block.subarray(this.#full * PAGE_WORDS, (this.#full + 1) * PAGE_WORDS);
    seal(words, this.#written + this.#full);
    this.#full += 1;
    this.#inPage = 0;
    if (this.#full === FLUSH_PAGES) this.#flush();
  }

  #flush(): void {
    writeAll(this.#fd, bytesOf(this.#block.subarray(0, this.#full * PAGE_WORDS)), this.#written * PAGE_BYTES);
    this.#block.fill(0);
    this.#written += this.#full;
    this.#full = 0;
  }
}

function recordsPerPage(words: number): number {
  return Math.floor(CONTENT_WORDS / words);
}

function seal(words: Uint32Array, number: number): void {
  words[PAGE_WORDS - 2] = number;
  words[PAGE_WORDS - 1] = checksumOf(bytesOf(words));
}

function checksumOf(page: Uint8Array): number {
  return crc32(page.subarray(0, PAGE_BYTES - 4));
}

function bytesOf(words: Uint32Array): Buffer {
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength);
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}
