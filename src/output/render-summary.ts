import { collectText } from './collect-text.js';
import type { PlotFrame } from './plot-bars.js';
import { plainData } from './plain-data.js';
import type { RenderOptions, RenderSinks } from './render-options.js';
import { renderView, tellWarnings } from './render-view.js';
import { compileQuery, writeFound } from './run-query.js';
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

async function renderDocument(
  view: SummaryView,
  options: RenderOptions,
  { stdout, stderr }: RenderSinks,
): Promise<Error | undefined> {
  const collected = collectText();
  const plain: RenderOptions = { ...options, format: 'json', query: undefined };
  let failure: Error | undefined;
  try {
    failure = await renderView(view, plain, { stdout: collected.sink, stderr });
  } catch (error) {
    // The list has closed its document for what came before; a query would take that for the whole.
    if (options.query === undefined) await writeFound(withSummary(collected.text(), view, options), true, stdout);
    throw error;
  }
  const query = await compileQuery(options.query);
  await writeFound(query(withSummary(collected.text(), view, options)), options.format === 'json', stdout);
  if (options.format !== 'json') await tellWarnings(view, failure, options, { stderr });
  return failure;
}

/** The rows are few: the list's own document is made first, then its summary is put in. */
function withSummary(document: string, { summary }: SummaryView, { zone, mask = false }: RenderOptions): unknown {
  const { kind, ...rest } = JSON.parse(document) as Record<string, unknown>;
  return { kind, ...(plainData(summary, { zone, mask }) as Record<string, unknown>), ...rest };
}
