import type { Sink } from '../context.js';

/** What `-o` takes. */
export const OUTPUT_FORMATS = ['table', 'json', 'ndjson', 'csv', 'tsv'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** How views are drawn, as the flags and settings say. */
export interface RenderOptions {
  readonly format: OutputFormat;
  /** False where `format` is only the default; a view may then have its own. */
  readonly formatAsked?: boolean | undefined;
  readonly zone: string;
  readonly lang: 'zh' | 'en';
  /** `undefined`: on in tables on a terminal, off elsewhere. */
  readonly mask: boolean | undefined;
  readonly colour: boolean;
  /** Own names of the fields to show, in this order. */
  readonly fields: readonly string[] | undefined;
  /** JMESPath; a text or number that it finds is written bare unless `format` was asked for as JSON. */
  readonly query: string | undefined;
  readonly quiet: boolean;
  /** A list without rows ends with `nothing-matched`. */
  readonly failIfEmpty: boolean;
}

/** The two streams a view goes to. */
export interface RenderSinks {
  readonly stdout: Sink;
  readonly stderr: Sink;
}
