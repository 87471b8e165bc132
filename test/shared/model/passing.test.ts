// Exchanges told one by one are those of a model of the same records, and nothing of them is held.

import { describe, expect, it } from 'vitest';
import type { CaptureRecord, End } from '../../../shared/capture/records.ts';
import type { Model } from '../../../shared/model/model.ts';
import { type Passed, Passing } from '../../../shared/model/passing.ts';
import { listSink } from '../capture/session-bytes.ts';
import { play } from '../export/scenario.ts';
import { head, modelOf, sized } from './told.ts';
import { Transcript } from './transcript.ts';

const request = head('GET /jobs/1 HTTP/1.1', 'Host: a:1');

function passedOf(records: readonly CaptureRecord[]): { told: Passed[]; passing: Passing } {
  const told: Passed[] = [];
  const passing = new Passing((exchange) => told.push(exchange));
  for (const record of records) passing.feed(record);
  return { told, passing };
}

/** What a model says of the exchanges that are over. */
function overIn(model: Model): Passed[] {
  return model.exchanges
    .filter(({ endedAt }) => endedAt !== Infinity)
    .map(({ id, connection, method, target, interim, status, reason, complete, startedAt, endedAt }) => {
      const rows = Array.from(interim.values.subarray(0, interim.length));
      const codes = rows.map((row) => model.events.row(row).code);
      const begun = { id, connection, method, target, startedAt };
      return Object.assign(begun, { interim: codes, interimLeftOut: 0, status, reason, complete, endedAt });
    });
}

/** A job that is told of twice, a request that is cut, and one that is answered on the next connection. */
function traffic(ends: readonly End[]): readonly CaptureRecord[] {
  const told = (n: number): string => head('HTTP/1.1 102 Processing', `Progress: ${n}/3 "Slaying dragons"`);
  return new Transcript(ends)
    .open()
    .send('client', request)
    .send('server', told(1))
    .send('server', told(2))
    .send('server', sized('done', 'HTTP/1.1 200 OK'))
    .send('client', sized('0123456789', 'POST /items HTTP/1.1', 'Host: a:1'))
    .cut('server', 100)
    .close('server', 'rst', 'fault')
    .close('client', 'rst', 'server')
    .open()
    .send('client', request + request)
    .send('server', told(3))
    .send('server', sized('', 'HTTP/1.1 404 Not Found'))
    .close('client', 'fin', 'client')
    .close('server', 'fin', 'client').records;
}

describe('passing', () => {
  it.each([[['client', 'server']], [['server']], [['client']]] as const)(
    'tells each exchange once, as a model of the same records has it, where %j are held',
    (ends) => {
      const records = traffic(ends);
      const { told, passing } = passedOf(records);
      expect(told.toSorted((a, b) => a.id - b.id)).toEqual(overIn(modelOf(records)));
      expect(told).toHaveLength(4);
      expect(passing.underWay).toEqual({ connections: 0, exchanges: 0 });
    },
  );

  it('tells those of a session of every kind', () => {
    const sink = listSink();
    play(sink);
    const records = sink.list.map(({ record }) => record);
    const { told } = passedOf(records);
    expect(told.length).toBeGreaterThan(3);
    expect(told.toSorted((a, b) => a.id - b.id)).toEqual(overIn(modelOf(records)));
  });

  it('holds an exchange that is under way, whatever has passed on its connection', () => {
    const talk = new Transcript(['server']).open();
    for (let i = 0; i < 100; i++) talk.send('client', request).send('server', sized('x', 'HTTP/1.1 200 OK'));
    talk.send('client', request);
    const { told, passing } = passedOf(talk.records);
    expect(told).toHaveLength(100);
    expect(passing.underWay).toEqual({ connections: 1, exchanges: 1 });
  });

  it('keeps the first and the last statuses of a flood of interim responses, and counts the rest', () => {
    const talk = new Transcript(['server'])
      .open()
      .send('client', request)
      .send('server', head('HTTP/1.1 103 Early Hints'));
    for (let i = 0; i < 30; i++) talk.send('server', head('HTTP/1.1 102 Processing').repeat(100));
    talk.send('server', head('HTTP/1.1 199 Nearly').repeat(2)).send('server', sized('x', 'HTTP/1.1 200 OK'));
    const [only] = passedOf(talk.records).told;
    expect(only?.interim).toEqual([103, ...Array.from({ length: 997 }, () => 102), 199, 199]);
    expect(only?.interimLeftOut).toBe(2003);
  });
});
