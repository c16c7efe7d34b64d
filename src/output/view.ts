/**
 * What a command hands back: data and how it may be drawn. Commands never print; whether a view becomes a table, JSON, NDJSON or
 * CSV is decided by the flags alone.
 */

/** One column of a table. */
export interface Column<T> {
  /** Heading; also the flag `--fields` name when it differs from `field`. */
  readonly title: string;
  /** Text of the cell; `undefined` draws nothing. Instants and numbers are formatted by the painter. */
  readonly cell: (item: T, paint: CellPainter) => string | undefined;
  readonly align?: 'left' | 'right';
}

/** Formats cells in the zone, language and masking that the flags ask for. */
export interface CellPainter {
  /** `2019-01-23 17:15:14` in the chosen zone. */
  instant(at: Date | null | undefined): string | undefined;
  /** `08:00` style is not used: `1m05s`. */
  seconds(value: number | undefined): string | undefined;
  /** A phone number, masked where it must be. */
  number(value: string | undefined): string | undefined;
  /** The text in the chosen language. */
  words(text: { readonly zh?: string | undefined; readonly en?: string | undefined } | undefined): string | undefined;
  readonly lang: 'zh' | 'en';
}

/** Something a person should know although the command went on: shown on stderr, and in `warnings` of JSON. */
export interface Warning {
  readonly message: string;
}

/** Rows of one kind, or of several that carry their `kind`. */
export interface ListView<T = unknown> {
  readonly view: 'list';
  /** `CallRecordList`. */
  readonly kind: string;
  readonly items: Iterable<T> | AsyncIterable<T>;
  readonly columns: readonly Column<T>[];
  /** Read after the last item. */
  readonly warnings?: readonly Warning[];
  /** Where to go on, or nothing. */
  readonly next?: string | undefined;
  /** Asked after the last item: a failure to end with although the rows are good (partial, empty, assertion). */
  readonly outcome?: () => Error | undefined;
  /** One line under the table on a terminal. */
  readonly footer?: (count: number) => string | undefined;
}

/** One thing. Drawn as field and value, one a line. */
export interface ItemView<T = unknown> {
  readonly view: 'item';
  /** `Binding`. */
  readonly kind: string;
  readonly item: T;
  /** Rows of the drawing; without it every field of the item. */
  readonly columns?: readonly Column<T>[];
  readonly warnings?: readonly Warning[];
  readonly outcome?: () => Error | undefined;
  /** What to do next, on stderr of a terminal. */
  readonly hint?: string | undefined;
}

/** Text that is data itself: a shell completion, an address. */
export interface TextView {
  readonly view: 'text';
  readonly text: string;
}

/** The command has said all there is (a server that ended, a demo). */
export interface NoView {
  readonly view: 'none';
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a view of any row type; the columns and the items agree inside it.
export type View = ListView<any> | ItemView<any> | TextView | NoView;
