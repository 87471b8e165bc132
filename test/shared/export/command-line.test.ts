import { describe, expect, it } from 'vitest';
import type { AboutRecord, CaptureRecord, FaultRecord } from '../../../shared/capture/records.ts';
import type { ExperimentInfo } from '../../../shared/contract.ts';
import { commandLine } from '../../../shared/export/command-line.ts';
import { Deriver } from '../../../shared/model/derive.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';

const info: ExperimentInfo = {
  id: 'resumable-request',
  title: 'Resume an upload',
  group: 'resume',
  teaches: '',
  sources: [],
  parameters: [
    { name: 'size', title: 'Size', help: '', type: 'number', default: 1000 },
    { name: 'path', title: 'Path', help: '', type: 'string', default: '/print' },
    { name: 'ask', title: 'Ask', help: '', type: 'boolean', default: true },
  ],
  cuts: [],
};

type About = Omit<AboutRecord, 'kind' | 'time' | 'connection'>;
type Struck = Pick<FaultRecord, 'action' | 'origin' | 'at'> & Partial<FaultRecord>;

const usual = { size: 1000, path: '/print', ask: true };

/** The line of a session that holds these, in this order, on a connection without an exchange. */
function lineOf(...records: readonly (About | Struck)[]): string | null {
  const table = new EventTable();
  const deriver = new Deriver(table);
  const server = { address: '127.0.0.1', port: 18_080 };
  let time = 0;
  const feed = (record: CaptureRecord): void => deriver.feed(record);
  feed({
    kind: 'opened',
    time: time++,
    connection: 1,
    end: 'client',
    client: { address: '127.0.0.1', port: 40_000 },
    server,
  });
  for (const record of records)
    if ('action' in record)
      feed({ kind: 'fault', time: time++, connection: 1, end: 'client', direction: 'out', ...record });
    else feed({ kind: 'about', time: time++, connection: 0, ...record });
  const model = new Model(table);
  model.fold();
  return commandLine(model, [info]);
}

const begun = (more: About = {}): About => ({ experiment: info.id, parameters: usual, ...more });
const cut = (at: number, more: Partial<FaultRecord> = {}): Struck => ({
  action: 'cut',
  cut: 'rst',
  origin: 'user',
  at,
  ...more,
});

describe('the command line of a run', () => {
  it.each<[string, readonly (About | Struck)[], string | null]>([
    ['names the experiment alone where nothing was changed', [begun()], 'interim run resumable-request'],
    [
      'names what was set, and quotes it for a shell',
      [begun({ parameters: { size: 5, path: "/a b'$(c)", ask: false } })],
      String.raw`interim run resumable-request --set 'size=5' --set 'path=/a b'\''$(c)' --set 'ask=false'`,
    ],
    [
      'leaves out what the experiment does not know',
      [begun({ parameters: { ...usual, colour: 'red' } })],
      'interim run resumable-request',
    ],
    [
      'names the target and the planned cuts',
      [begun({ target: 'http://127.0.0.1:9/up', cuts: ['client:out:3:rst', 'client:out:content:9:fin'] })],
      'interim run resumable-request --target http://127.0.0.1:9/up --cut client:out:3:rst --cut client:out:content:9:fin',
    ],
    [
      'names a cut by hand by its byte of the content where that is known',
      [begun(), cut(500, { content: 400 }), cut(77, { direction: 'in', cut: 'stall' })],
      'interim run resumable-request --cut client:out:content:400:rst --cut client:in:77:stall',
    ],
    [
      'leaves `none` out beside a cut by hand, which takes the experiment its own as well',
      [begun({ cuts: ['none'] }), cut(77)],
      'interim run resumable-request --cut client:out:77:rst',
    ],
    [
      'says that not even the experiment cuts',
      [begun({ cuts: ['none'] })],
      'interim run resumable-request --cut none',
    ],
    [
      'says nothing of planned cuts that struck, and of stalls by hand',
      [begun(), cut(500, { origin: 'plan' }), { action: 'stall', origin: 'user', at: 9 }],
      'interim run resumable-request',
    ],
    [
      'names the cuts of the experiment beside those by hand, which take their place',
      [begun(), cut(3, { origin: 'plan' }), cut(50)],
      'interim run resumable-request --cut client:out:3:rst --cut client:out:50:rst',
    ],
    [
      'puts cuts by hand behind the planned ones',
      [begun({ cuts: ['server:in:3:rst'] }), cut(3, { origin: 'plan' }), cut(50)],
      'interim run resumable-request --cut server:in:3:rst --cut client:out:50:rst',
    ],
    [
      'names no end of a server that is not ours',
      [begun({ target: 'https://example.com/' }), cut(50, { end: 'server' }), cut(60)],
      'interim run resumable-request --target https://example.com/ --cut client:out:60:rst',
    ],
    [
      'names each disturbance once',
      [
        begun(),
        { action: 'delay', origin: 'user', at: 0, amount: 150 },
        { action: 'delay', origin: 'user', at: 9, amount: 0 },
        { action: 'delay', origin: 'user', at: 9, amount: 300, end: 'server' },
        { action: 'throttle', origin: 'plan', at: 9, amount: 300 },
        { action: 'corrupt', origin: 'user', at: 40, amount: 4 },
      ],
      'interim run resumable-request --fault client:out:delay:150 --fault server:out:delay:300 --fault client:out:corrupt:40',
    ],
    [
      'is that of the newest run, without what was done to the ones before',
      [
        begun({ parameters: { size: 5 } }),
        cut(5),
        begun({ parameters: { size: 6 } }),
        { outcome: 'completed' },
      ],
      "interim run resumable-request --set 'size=6'",
    ],
    ['is none where there was no run', [], null],
    ['is none for an experiment that nobody knows', [{ experiment: 'other', parameters: {} }], null],
  ])('%s', (_, records, line) => {
    expect(lineOf(...records)).toBe(line);
  });
});
