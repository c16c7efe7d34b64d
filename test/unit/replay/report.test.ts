import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../../src/replay/latency-histogram.js';
import { renderReport, type Report } from '../../../src/replay/report.js';

const REPORT: Report = {
  name: 'privacy-call replay',
  startedAt: new Date('2026-11-22T00:00:00Z'),
  target: 'http://127.0.0.1:1/',
  run: 'r1',
  latency: { p50: 1.5, p95: 2, p99: 2, max: 2.5 },
  cases: [
    { name: 'cdr.json:1', verdict: 'passed', latencyMs: 1.5 },
    { name: 'a<b>&"c" #2\u001b[2J\ud800', verdict: 'failed', reason: 'HTTP 500 & <x>', latencyMs: 2.5 },
    { name: 'x', verdict: 'skipped', reason: 'dry run' },
    { name: 'y', verdict: 'warned', reason: 'odd' },
  ],
};

describe('renderReport', () => {
  it('writes JUnit XML', () => {
    expect(renderReport(REPORT, 'junit')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="privacy-call replay" tests="4" failures="1" errors="0" skipped="1" time="0.0040" timestamp="2026-11-22T00:00:00">
    <testcase classname="privacy-call replay" name="cdr.json:1" time="0.0015"/>
    <testcase classname="privacy-call replay" name="a&lt;b&gt;&amp;&quot;c&quot; #2 [2J " time="0.0025"><failure message="HTTP 500 &amp; &lt;x&gt;"/></testcase>
    <testcase classname="privacy-call replay" name="x" time="0.0000"><skipped message="dry run"/></testcase>
    <testcase classname="privacy-call replay" name="y" time="0.0000"><system-out>warning: odd</system-out></testcase>
    <system-out>latency: p50 1.5 ms, p95 2 ms, p99 2 ms, max 2.5 ms</system-out>
  </testsuite>
</testsuites>
`);
  });

  it('writes TAP', () => {
    expect(renderReport(REPORT, 'tap')).toBe(`TAP version 13
1..4
ok 1 - cdr.json:1
not ok 2 - a<b>&"c" \\#2 [2J${' '}
  ---
  message: "HTTP 500 & <x>"
  ...
ok 3 - x # SKIP dry run
ok 4 - y
# warning: odd
# latency: p50 1.5 ms, p95 2 ms, p99 2 ms, max 2.5 ms
`);
  });

  it('writes JSON and a table', () => {
    expect(JSON.parse(renderReport(REPORT, 'json'))).toMatchObject({
      kind: 'ReplayReport',
      run: 'r1',
      count: 4,
      passed: 1,
      warned: 1,
      failed: 1,
      skipped: 1,
      latencyMs: { p50: 1.5, max: 2.5 },
      cases: [{ name: 'cdr.json:1' }, {}, {}, {}],
    });
    expect(renderReport(REPORT, 'table').split('\n')).toEqual([
      'target\thttp://127.0.0.1:1/',
      'run\tr1',
      'sent\t3',
      'failed\t1',
      'warnings\t1',
      'skipped\t1',
      'latency\tp50 1.5 ms, p95 2 ms, p99 2 ms, max 2.5 ms',
      'failed\ta<b>&"c" #2 [2J \tHTTP 500 & <x>',
      'skipped\tx\tdry run',
      'warned\ty\todd',
      '',
    ]);
  });
});

describe('LatencyHistogram', () => {
  it('counts to a tenth of a millisecond, and to ten above ten seconds', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.figures()).toEqual({});
    for (let ms = 1; ms <= 100; ms += 1) histogram.add(ms / 10);
    expect(histogram.figures()).toEqual({ p50: 5, p95: 9.5, p99: 9.9, max: 10 });
    for (let ms = 0; ms < 100; ms += 1) histogram.add(20_000);
    expect(histogram.figures()).toEqual({ p50: 10, p95: 20_000, p99: 20_000, max: 20_000 });
    histogram.add(1e9);
    expect(histogram.figures().max).toBe(1e9);
  });

  it('is right to its step for any latencies', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 90_000 }), { minLength: 1 }), (tenths) => {
        const histogram = new LatencyHistogram();
        for (const one of tenths) histogram.add(one / 10);
        const sorted = [...tenths].sort((one, other) => one - other);
        expect(histogram.figures().p95).toBeCloseTo((sorted[Math.ceil(tenths.length * 0.95) - 1] ?? 0) / 10, 5);
      }),
      { numRuns: 30 },
    );
  });
});
