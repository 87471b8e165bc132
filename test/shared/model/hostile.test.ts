// Whatever bytes come, from whichever end: the model is made of them without a failure, and is the same however they were
// split on their way.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CaptureRecord, End } from '../../../shared/capture/records.ts';
import { Deriver } from '../../../shared/model/derive.ts';
import { EventTable, Kind } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { Storyteller } from '../../../shared/model/story.ts';
import { encoded, type Event, type Scenario, scenarios, senderOf, wire } from './rules/scenarios.ts';
import { bytewise, Transcript } from './transcript.ts';

interface Spoilt {
  readonly scenario: Scenario;
  readonly ends: readonly End[];
  /** Which byte of the stream becomes which; removed: −1. */
  readonly changes: readonly { readonly at: number; readonly byte: number }[];
}

function recordsOf({ scenario, ends, changes }: Spoilt): readonly CaptureRecord[] {
  const transcript = new Transcript(ends);
  let at = 0;
  const spoil = (event: Event): Uint8Array => {
    const bytes = [...encoded(wire(event[1] ?? ''))];
    const first = at;
    at += bytes.length;
    for (const change of changes)
      if (change.at >= first && change.at < at) bytes[change.at - first] = change.byte;
    return Uint8Array.from(bytes.filter((byte) => byte >= 0));
  };
  for (const event of scenario.events) {
    if (event[0] === 'open') transcript.open();
    else if (event[0] === 'cut') transcript.close('server', 'rst', 'fault').close('client', 'rst', 'server');
    else transcript.send(senderOf[event[0]], spoil(event));
  }
  for (const end of ['server', 'client'] as const) transcript.ended(end, 'in').close(end, 'fin', 'server');
  return transcript.records;
}

/** What is told of the records, but for what depends on how they were split: the way that bytes moved. */
function toldOf(records: readonly CaptureRecord[]): string[] {
  const table = new EventTable();
  const deriver = new Deriver(table);
  const model = new Model(table);
  const tellers: Storyteller[] = [];
  for (const record of records) {
    deriver.feed(record);
    model.fold();
    for (const { id } of model.operations) (tellers[id] ??= new Storyteller(model, id)).fold();
  }
  const lines: string[] = [];
  const moves: ReadonlySet<Kind> = new Set([Kind.requestBytes, Kind.responseBytes, Kind.coverage]);
  for (let row = 0; row < table.length; row++) {
    const { kind, code, connection, exchange, a, b, text } = table.row(row);
    if (!moves.has(kind)) lines.push([kind, code, connection, exchange, a, b, text].join(' '));
  }
  return lines.sort();
}

const spoilt = fc.record({
  scenario: fc.constantFrom(...Object.values<Scenario>(scenarios)),
  ends: fc.constantFrom<readonly End[]>(['client', 'server'], ['client'], ['server']),
  changes: fc.array(
    fc.record({
      at: fc.nat(1200),
      byte: fc.oneof(fc.integer({ min: -1, max: 255 }), fc.constantFrom(0x0a, 0x0d, 0x20, 0x30, 0x39, 0x2c)),
    }),
    { maxLength: 4 },
  ),
});

it('is made of any bytes, and is the same however they were split', () => {
  fc.assert(
    fc.property(spoilt, (given) => {
      const records = recordsOf(given);
      expect(toldOf(bytewise(records))).toEqual(toldOf(records));
    }),
    { numRuns: 300 },
  );
});
