import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import type { RenderOptions } from '../../../src/output/render-options.js';
import { renderSummary, type SummaryView } from '../../../src/output/render-summary.js';
import { PLAIN_TABLE } from '../../helpers/render-options.js';
import { collectingSink } from '../../helpers/world.js';

interface Row {
  readonly day: string;
  readonly calls: number;
}

const OPTIONS: RenderOptions = { ...PLAIN_TABLE, format: 'json' };
const ONE: Row = { day: '2026-11-22', calls: 3 };

function summaryView(items: SummaryView<Row>['items'], more: Partial<SummaryView<Row>> = {}): SummaryView<Row> {
  return { view: 'list', kind: 'RowList', items, columns: [], summary: { total: { calls: 3 } }, ...more };
}

async function render(view: SummaryView<Row>, options: Partial<RenderOptions> = {}) {
  const [stdout, stderr] = [collectingSink(false), collectingSink(false)];
  const outcome = renderSummary(view, { ...OPTIONS, ...options }, { stdout, stderr });
  const [settled] = await Promise.allSettled([outcome]);
  return { stdout: stdout.writes.join(''), stderr: stderr.writes.join(''), settled };
}

async function* breaking(): AsyncGenerator<Row> {
  yield await Promise.resolve(ONE);
  throw new AppError('interrupted', 'stopped by Ctrl-C');
}

describe('renderSummary', () => {
  it('puts its summary before the rows of the document', async () => {
    const { stdout } = await render(summaryView([ONE]));
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['kind', 'total', 'items', 'count', 'next', 'warnings']);
  });

  it('ends its document where the rows end early, and rejects', async () => {
    const { stdout, settled } = await render(summaryView(breaking()));
    expect(JSON.parse(stdout)).toMatchObject({
      total: { calls: 3 },
      items: [ONE],
      count: 1,
      warnings: ['incomplete: stopped by Ctrl-C'],
    });
    expect(settled).toMatchObject({ status: 'rejected', reason: { code: 'interrupted' } });
  });

  it('asks no query about a part of the rows', async () => {
    const { stdout, settled } = await render(summaryView(breaking()), { query: 'total.calls', format: 'table' });
    expect([stdout, settled.status]).toEqual(['', 'rejected']);
  });

  it('writes bare what a query finds, and says the warnings', async () => {
    const view = summaryView([ONE], { warnings: ['calls/a.json:3: not JSON'] });
    const { stdout, stderr } = await render(view, { query: 'total.calls', format: 'table' });
    expect([stdout, stderr]).toEqual(['3\n', 'warning: calls/a.json:3: not JSON\n']);
    expect((await render(view, { query: 'total.calls', format: 'table', quiet: true })).stderr).toBe('');
    expect((await render(view, { query: 'total' })).stdout).toBe('{\n  "calls": 3\n}\n');
  });

  it('refuses a query that does not fit', async () => {
    const { settled } = await render(summaryView([ONE]), { query: 'sum(kind)' });
    expect(settled).toMatchObject({ status: 'rejected', reason: { code: 'flag-invalid' } });
  });
});
