import { describe, expect, it } from 'vitest';
import { livePositions } from '../../../electron/engine/live-position.ts';
import { Deriver } from '../../../shared/model/derive.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { Transcript } from '../../shared/model/transcript.ts';

const HEAD = 'POST /x HTTP/1.1\r\nHost: a:1\r\nContent-Length: 1000\r\n\r\n';

function modelOf(transcript: Transcript): Model {
  const table = new EventTable();
  const deriver = new Deriver(table);
  for (const record of transcript.records) deriver.feed(record);
  const model = new Model(table);
  model.fold();
  return model;
}

const cut = (end: 'client' | 'server', direction: 'in' | 'out', at: number) =>
  ({ end, direction, at, content: true, cut: 'rst' }) as const;

describe('the position of a representation byte on a live connection', () => {
  const upload = new Transcript().open().send('client', `${HEAD}${'x'.repeat(400)}`, HEAD.length + 300);
  const model = modelOf(upload);

  it('counts on from where each end stands', () => {
    const expected = [{ connection: 1, at: HEAD.length + 750 }];
    expect(livePositions(model, cut('client', 'out', 750))).toEqual(expected);
    expect(livePositions(model, cut('server', 'in', 750))).toEqual(expected);
  });

  it('is none for a byte that has passed, or where that stream has no content', () => {
    expect(livePositions(model, cut('client', 'out', 400))).toEqual([]);
    expect(livePositions(model, cut('server', 'in', 400))).toHaveLength(1);
    expect(livePositions(model, cut('server', 'out', 10))).toEqual([]);
  });

  it('is none on a connection that is over', () => {
    const over = modelOf(
      new Transcript()
        .open()
        .send('client', `${HEAD}${'x'.repeat(400)}`)
        .close('server', 'rst', 'fault')
        .close('client', 'rst', 'server'),
    );
    expect(livePositions(over, cut('client', 'out', 750))).toEqual([]);
  });
});
