// What an export keeps and loses, counted against what the exporters write.

import type { Har } from 'har-format';
import { describe, expect, it } from 'vitest';
import { exportFormat } from '../../../shared/contract.ts';
import { type HarInterimResponse, toHar } from '../../../shared/export/har.ts';
import { type LossRow, lossesOf } from '../../../shared/export/losses.ts';
import { toNdjson } from '../../../shared/export/ndjson.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { play } from './scenario.ts';

const info = { startedAt: 0, title: '' };
const played = play();
const rows = lossesOf(played.model, 0);
const row = (what: string): LossRow | undefined => rows.find((one) => one.what === what);

async function har(): Promise<Har> {
  return toHar(played.model, (...range) => played.recorder.bytes(...range), info);
}

const events = [...toNdjson(played.model, info)]
  .join('')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => JSON.parse(line) as { kind: string; action?: string });
const eventsOf = (kind: string): number => events.filter((event) => event.kind === kind).length;

describe('what an export loses', () => {
  it('counts what the session has', () => {
    expect(rows.map(({ what, count }) => [what, count])).toEqual([
      ['Requests', 7],
      ['Interim responses', 3],
      ['Final responses', 6],
      ['Cuts', 1],
      ['Resumes', eventsOf('link')],
      ['Steps and why', eventsOf('step')],
      ['Bytes of the wire', row('Bytes of the wire')!.count],
      ['Times', null],
    ]);
  });

  it('counts every byte of every message once', () => {
    const { model } = played;
    let bytes = 0;
    for (const { exchanges } of model.connections) {
      const last = model.exchanges[exchanges.at(-1)!]!;
      bytes += Number.isNaN(last.requestEnd) ? 0 : last.requestEnd;
      // The first connection's answers end with its one interim response.
      const interim = last.interim.at(-1);
      bytes += Number.isNaN(last.responseEnd) ? model.events.columns.b[interim!]! : last.responseEnd;
    }
    expect(row('Bytes of the wire')!.count).toBe(bytes);
  });

  it('says of HAR what HAR has', async () => {
    const { entries } = (await har()).log;
    const interim = entries.flatMap((entry) => entry._interimResponses as HarInterimResponse[]);
    expect(row('Interim responses')).toMatchObject({
      count: interim.length,
      formats: { har: { keeping: 'kept', how: '_interimResponses' }, curl: { keeping: 'lost' } },
    });
    expect(entries.filter(({ _abort }) => _abort !== undefined).length).toBeGreaterThanOrEqual(
      row('Cuts')!.count!,
    );
    expect(row('Cuts')!.formats.har.how).toBe('_abort');
  });

  it('tells of what was not kept, of nothing that there is none of, and of every format', () => {
    expect(lossesOf(played.model, 12).at(-1)).toMatchObject({ what: 'Not kept by the session', count: 12 });
    expect(lossesOf(new Model(new EventTable()), 0).map(({ what }) => what)).toEqual(['Times']);
    for (const { formats } of rows)
      expect(Object.keys(formats).toSorted()).toEqual(exportFormat.options.toSorted());
  });
});
