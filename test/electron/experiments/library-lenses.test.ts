// The tables that the experiment fills: facts that hold on every Node that the project runs on.

import { describe, expect, it } from 'vitest';
import { availableLenses } from '../../../electron/client/lenses/index.ts';
import type { LensReport, Told } from '../../../electron/client/lenses/types.ts';
import { duplicates, ending, lineOrder, nameCase } from '../../../electron/experiments/lenses/facts.ts';
import { libraryLenses } from '../../../electron/experiments/library-lenses.ts';
import type { ResultTable } from '../../../shared/contract.ts';
import { laboratory } from '../laboratory.ts';

/** The cell of a row and a column of a table. */
function cell(table: ResultTable, what: string, column: string): string {
  const row = table.rows.find(([name]) => name === what);
  return row?.[table.columns.indexOf(column)] ?? '';
}

describe('library-lenses', () => {
  it('fills its tables with what each library tells', async () => {
    const lab = await laboratory();
    try {
      const { result, checks, tables } = await lab.run(libraryLenses);
      expect(result.outcome, lab.story()).toBe('completed');
      expect(checks.filter(({ level }) => level === 'error' || level === 'warning')).toEqual([]);
      const [seen, unusual, events] = tables as [ResultTable, ResultTable, ResultTable];
      const here = (await availableLenses()).map(({ name }) => (name === 'raw' ? 'our own' : name));
      expect(seen.columns).toEqual(['What', ...here]);
      const facts = (column: string): string[] =>
        [
          'Interim responses',
          'Final response',
          'Case of names',
          'Order of lines',
          'A name that comes twice',
          'Content',
          'Trailers',
          'Ended',
        ].map((what) => cell(seen, what, column));
      const all = ['102 103 104 199', '200 Odd But Fine'];
      const rest = ['33 bytes', 'X-Trailer', 'whole'];
      expect(facts('our own')).toEqual([...all, 'as sent', 'as sent', 'a line each', ...rest]);
      expect(facts('node:http')).toEqual([...all, 'as sent', 'as sent', 'a line each', ...rest]);
      expect(facts('undici')).toEqual([
        ...all,
        'lower case',
        'as sent, one name’s lines together',
        'a line each',
        '33 bytes',
        'x-trailer',
        'whole',
      ]);
      expect(facts('fetch')).toEqual([
        'none',
        '200 Odd But Fine',
        'lower case',
        'sorted by name',
        'joined by a comma',
        '33 bytes',
        'none',
        'whole',
      ]);
      if (here.includes('curl'))
        expect(facts('curl')).toEqual([...all, 'as sent', 'as sent', 'a line each', ...rest]);
      for (const column of ['undici', 'fetch']) {
        expect(cell(unusual, 'A 100 that nobody asked for', column)).toMatch(/UND_ERR_SOCKET/);
        expect(cell(unusual, 'Expect: 100-continue', column)).toMatch(/UND_ERR_NOT_SUPPORTED/);
      }
      for (const column of ['our own', 'node:http']) {
        expect(cell(unusual, 'A 100 that nobody asked for', column)).toBe(
          '100, 200 Odd But Fine, 33 bytes, whole',
        );
        expect(cell(unusual, 'Expect: 100-continue', column)).toBe('100, 200 Odd But Fine, 33 bytes, whole');
      }
      expect(events.rows.map(([, event]) => event)).toEqual([
        'onRequestStart',
        ...Array.from({ length: 5 }, () => 'onResponseStart'),
        'onResponseData',
        'onResponseData',
        'onResponseEnd',
      ]);
      // Below request(), the case of names is still there.
      expect(events.rows[5]![2]).toMatch(/^200 Odd But Fine .*X-Odd-CASE/);
      for (const what of ['A FIN within the content', 'A reset within the content'])
        for (const column of here) expect(cell(unusual, what, column)).not.toMatch(/whole$/);
    } finally {
      await lab.close();
    }
  });

  it('looks at a server of the user’s own with one request each', async () => {
    const lab = await laboratory();
    try {
      const { result, checks, tables } = await lab.run(libraryLenses, {
        target: `${lab.server.url}/test/`,
        parameters: { library: 'undici' },
      });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(checks.filter(({ level }) => level === 'error' || level === 'warning')).toEqual([]);
      expect(tables.map(({ columns }) => columns)).toEqual([
        ['What', 'our own', 'undici'],
        ['At', 'Event', 'What it carries'],
      ]);
      expect(lab.model().exchanges).toHaveLength(3);
    } finally {
      await lab.close();
    }
  });

  it('is refused where nobody listens, and stops when it is told to', async () => {
    const lab = await laboratory();
    try {
      const { result } = await lab.run(libraryLenses, {
        target: 'http://127.0.0.1:9/',
        parameters: { library: 'fetch' },
      });
      expect(result).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('Nothing listens'),
      });
      const stopped = await lab.run(libraryLenses, { signal: AbortSignal.abort() });
      expect(stopped.result).toMatchObject({ outcome: 'failed', reason: 'It was stopped.' });
    } finally {
      await lab.close();
    }
  });
});

describe('a fact', () => {
  const report = (
    fields: readonly (readonly [string, string])[],
    more: Partial<LensReport> = {},
  ): LensReport => {
    const final: Told = { at: 0, what: 'final', status: 200, reason: 'OK', fields };
    return {
      lens: 'raw',
      version: '',
      told: [final],
      content: new Uint8Array(0),
      completed: true,
      error: null,
      connection: null,
      ...more,
    };
  };
  const raw = report([
    ['B', '1'],
    ['a', '2'],
    ['B', '3'],
  ]);
  const nothing = report([], { told: [] });

  it.each([
    ['as sent', 'as sent', 'a line each', raw],
    [
      'lower case',
      'as sent, one name’s lines together',
      'a line each',
      report([
        ['b', '1'],
        ['b', '3'],
        ['a', '2'],
      ]),
    ],
    [
      'lower case',
      'sorted by name',
      'joined by a comma',
      report([
        ['a', '2'],
        ['b', '1, 3'],
      ]),
    ],
    [
      'lower case',
      'as sent, one name’s lines together',
      'only one of them',
      report([
        ['b', '3'],
        ['a', '2'],
      ]),
    ],
    [
      'another',
      'sorted by name',
      'only one of them',
      report([
        ['A', '2'],
        ['b', '1'],
      ]),
    ],
    ['none', 'none', 'none', nothing],
  ] as const)('says %s, %s, %s', (letters, order, twice, seen) => {
    expect([nameCase(seen, raw), lineOrder(seen, raw), duplicates(seen, raw)]).toEqual([
      letters,
      order,
      twice,
    ]);
  });

  it.each([
    ['whole', raw],
    [
      'TypeError UND_ERR_SOCKET: terminated',
      report([], {
        completed: false,
        error: { name: 'TypeError', code: 'UND_ERR_SOCKET', message: 'terminated' },
      }),
    ],
    [
      'Error: aborted',
      report([], { completed: false, error: { name: 'Error', code: '', message: 'aborted' } }),
    ],
    ['nothing was told', report([], { completed: false })],
  ])('tells the end as %s', (words, seen) => {
    expect(ending(seen)).toBe(words);
  });
});
