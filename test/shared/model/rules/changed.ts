// A scenario with a breach in it, and the records of whoever was there.

import { expect } from 'vitest';
import type { CaptureRecord, End } from '../../../../shared/capture/records.ts';
import { Transcript } from '../transcript.ts';
import { Deriver } from '../../../../shared/model/derive.ts';
import { EventTable } from '../../../../shared/model/events.ts';
import { Model } from '../../../../shared/model/model.ts';
import type { RuleId } from '../../../../shared/model/rules/rules.ts';
import { type Breach, breaches } from './breaches.ts';
import { encoded, type Event, type Scenario, scenarios, senderOf, wire } from './scenarios.ts';

export function recordsOf(events: readonly Event[], ends: readonly End[]): readonly CaptureRecord[] {
  const transcript = new Transcript(ends);
  for (const event of events) {
    if (event[0] === 'open') transcript.open();
    else if (event[0] === 'cut') transcript.close('server', 'rst', 'fault').close('client', 'rst', 'server');
    else transcript.send(senderOf[event[0]], encoded(wire(event[1])));
  }
  return transcript.records;
}

export function changed({ events }: Scenario, change: Breach['change']): Event[] {
  let result = [...events];
  for (const [from, to] of change) {
    const index = result.findIndex((event) => event[1]?.includes(from) === true);
    expect(index, `"${from}" in the scenario`).not.toBe(-1);
    result = result.map((event, i) =>
      i === index && (event[0] === 'C' || event[0] === 'S')
        ? [event[0], event[1].replace(from, () => to)]
        : event,
    );
  }
  return result;
}

/** The model of a scenario in which that rule alone is broken. */
export function brokenBy(rule: RuleId): Model {
  const { in: scenario, change } = breaches.find((breach) => breach.rule === rule)!;
  const table = new EventTable();
  const deriver = new Deriver(table);
  for (const record of recordsOf(changed(scenarios[scenario], change), ['client', 'server']))
    deriver.feed(record);
  const model = new Model(table);
  model.fold();
  return model;
}
