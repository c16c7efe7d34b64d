import type { Words } from '../domain/text-pair.js';

/**
 * What a command hands back: data and how it may be drawn. Commands never print; whether a view becomes a table, JSON, NDJSON or
 * CSV is decided by the flags alone.
 */

/** One column of a table. In a pipe and in CSV the heading is `field` and the cell is the plain value. */
export interface Column<T> {
  /** Own name of the field, with dots into objects: `cause.code`. */
  readonly field: string;
  /** Heading on a terminal. */
  readonly title: { readonly zh: string; readonly en: string };
  /** Text for a terminal; without it the value of `field` is formatted by its type. */
  readonly cell?: (item: T, paint: CellPainter) => string | undefined;
  /** The plain value for CSV and TSV where it is not simply that of `field`. */
  readonly value?: (item: T, lang: 'zh' | 'en') => unknown;
  readonly align?: 'left' | 'right';
  /** May be cut to fit the terminal: texts that can be long. Times and numbers are not cut. `front`: what tells one from another stands at the end. */
  readonly cuts?: boolean | 'front';
  /** Cut only where a column would else be left out whose `drops` is at most this: for what is copied, and said when it is cut. */
  readonly cutsFor?: number;
  /** Where it may be cut, so many columns of the terminal are kept: with less one could not be told from another. 10 without it. */
  readonly keeps?: number;
  /** In an item: so many columns behind its beginning a long value goes on below; at its beginning without it. */
  readonly hangs?: (paint: CellPainter) => number;
  /** In rows that are drawn one by one: on lines of its own under the row. */
  readonly below?: boolean;
  /** Left out of a table that is too wide for the terminal, the highest first. A column without it stays. */
  readonly drops?: number;
}

/** Formats cells for a terminal, in the zone, language and masking that the flags ask for. */
export interface CellPainter {
  /** `2019-01-23 17:15:14` in the chosen zone. */
  instant(at: Date | null | undefined): string | undefined;
  /** `1m05s`. */
  seconds(value: number | undefined): string | undefined;
  /** A phone number, masked where it must be. */
  number(value: string | undefined): string | undefined;
  /** Any text; phone numbers in it are masked where they must be. */
  text(value: string | undefined): string | undefined;
  /** The text in the chosen language, else in the other. */
  words(
    text: { readonly zh?: string | null | undefined; readonly en?: string | null | undefined } | undefined,
  ): string | undefined;
  /** How many columns of the terminal a text takes. */
  width(text: string): number;
  good(text: string): string;
  bad(text: string): string;
  faint(text: string): string;
  readonly lang: 'zh' | 'en';
}

/** Rows of one kind, or of several that carry their `kind`. */
export interface ListView<T = unknown> {
  readonly view: 'list';
  /** `CallRecordList`. */
  readonly kind: string;
  readonly items: Iterable<T> | AsyncIterable<T>;
  readonly columns: readonly Column<T>[];
  /** On a terminal a single row is drawn as a block of these columns. */
  readonly single?: (item: T) => readonly Column<T>[];
  /** How rows are drawn on a terminal: as a table, as blocks where they are few and long, each at once where they come live. */
  readonly layout?: 'table' | 'blocks' | 'lines';
  /** The format where neither flag nor setting names one: for lists that are made to be read by programs. */
  readonly unlessAsked?: 'csv';
  /** The rows are a log: numbers in them are masked in every format unless `--no-mask`. */
  readonly isLog?: boolean;
  /** Goes on until it is stopped: a signal is its normal end. */
  readonly live?: boolean;
  /** Goes on when nobody reads its rows any more: they only tell of work that must not stop. */
  readonly outlivesReader?: boolean;
  /** What a person should know although the command went on. Read after the last item; data has it in English. */
  readonly warnings?: readonly Words[];
  /** Where to go on, or nothing. */
  readonly next?: string | undefined;
  /** Asked after the last item: a failure to end with although the rows are good. */
  readonly outcome?: () => Error | undefined;
  /** One line under so many rows, for people: on stderr of a terminal. */
  readonly footer?: (count: number) => Words | undefined;
}

/** One thing. Drawn as field and value, one a line. */
export interface ItemView<T = unknown> {
  readonly view: 'item';
  /** `Binding`. */
  readonly kind: string;
  readonly item: T;
  readonly columns: readonly Column<T>[];
  readonly warnings?: readonly Words[];
  readonly outcome?: () => Error | undefined;
  /** What to do next, for people: on stderr of a terminal. */
  readonly hint?: Words | undefined;
}

/** Text that is data itself, written as it is: a template, an address, an answer of the platform. */
export interface TextView {
  readonly view: 'text';
  readonly text: string;
  /** A failure to end with although the text is good. */
  readonly outcome?: () => Error | undefined;
}

/** The command has said all there is: a server that ended. */
export interface NoView {
  readonly view: 'none';
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any row type; columns and items agree inside the view.
export type View = ListView<any> | ItemView<any> | TextView | NoView;
