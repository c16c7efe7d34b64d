import { collectText } from './collect-text.js';
import type { Sink } from '../context.js';
import { AppError } from '../errors.js';
import type { PlotFrame } from './plot-bars.js';
import { plainData } from './plain-data.js';
import { type RenderOptions, type RenderSinks, renderView } from './render-view.js';
import { safeJson, safeText } from './safe-text.js';
import type { CellPainter, ListView, View } from './view.js';

/** A list of few rows that has figures of its own beside them. */
export interface SummaryView<T = unknown> extends ListView<T> {
  /** Further members of the JSON document: `total`, for one. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** Drawn below the table on a terminal. No line may be wider than the frame. */
  readonly plot?: ((frame: PlotFrame & { readonly paint: CellPainter }) => string) | undefined;
}

/**
 * Writes a view as {@link renderView} does; of a {@link SummaryView} the JSON document also holds its summary, and a terminal shows its plot.
 * @returns the failure that the view ends with, or `undefined`.
 * @throws AppError `flag-invalid` when `--query` does not fit the document.
 */
export async function renderSummary(
  view: View,
  options: RenderOptions,
  sinks: RenderSinks,
): Promise<Error | undefined> {
  if (!isSummary(view)) return renderView(view, options, sinks);
  const document = options.format === 'json' || (options.query !== undefined && options.format !== 'ndjson');
  if (document) return renderDocument(view, options, sinks);
  const failure = await renderView(view, options, sinks);
  if (view.plot !== undefined && options.format === 'table' && sinks.stdout.isTerminal) {
    const { buildPainter } = await import('./painter.js');
    const paint = buildPainter({ ...options, mask: options.mask ?? true });
    const plot = view.plot({ paint, width: sinks.stdout.columns ?? 80 });
    if (plot !== '') await sinks.stdout.write(`\n${plot}`);
  }
  return failure;
}

function isSummary(view: View): view is SummaryView {
  return view.view === 'list' && 'summary' in view;
}

/** The rows are few: the list's own document is made first, then its summary is put in. */
async function renderDocument(
  view: SummaryView,
  options: RenderOptions,
  { stdout, stderr }: RenderSinks,
): Promise<Error | undefined> {
  const collected = collectText();
  const plain: RenderOptions = { ...options, format: 'json', query: undefined };
  const failure = await renderView(view, plain, { stdout: collected.sink, stderr });
  const list = JSON.parse(collected.text()) as Record<string, unknown>;
  const summary = plainData(view.summary, { zone: options.zone, mask: options.mask ?? false });
  const { kind, ...rest } = list;
  const whole = { kind, ...(summary as Record<string, unknown>), ...rest };
  const found = options.query === undefined ? whole : await search(whole, options.query);
  const bare = options.format !== 'json' && options.query !== undefined;
  const lines: readonly unknown[] =
    bare && Array.isArray(found) && found.every((one) => typeof one !== 'object') ? found : [found];
  for (const one of lines) {
    if (bare && one === null) continue;
    await stdout.write(`${bare && typeof one === 'string' ? shown(one, stdout) : json(one)}\n`);
  }
  return failure;
}

async function search(document: unknown, query: string): Promise<unknown> {
  const jmespath = await import('jmespath');
  try {
    return jmespath.search(document, query) as unknown;
  } catch (error) {
    throw new AppError('flag-invalid', `--query does not fit the data: ${(error as Error).message}`, { cause: error });
  }
}

function shown(text: string, stdout: Sink): string {
  return stdout.isTerminal ? safeText(text) : text;
}

function json(value: unknown): string {
  return safeJson(JSON.stringify(value, null, 2));
}
