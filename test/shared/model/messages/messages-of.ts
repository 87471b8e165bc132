// What the model tells of messages, as lines of text, from every vantage point and however the records are split.

import { expect } from 'vitest';
import type { CaptureRecord, End } from '../../../../shared/capture/records.ts';
import { Deriver } from '../../../../shared/model/derive.ts';
import {
  type EventRow,
  EventTable,
  Kind,
  MESSAGE_OF_CLIENT,
  MESSAGE_RECEIVED,
  MESSAGE_TYPE,
  MessageType,
} from '../../../../shared/model/events.ts';
import { Model } from '../../../../shared/model/model.ts';
import { bytewise, Transcript } from '../transcript.ts';

export function modelOf(records: readonly CaptureRecord[]): Model {
  const table = new EventTable();
  const deriver = new Deriver(table);
  for (const record of records) deriver.feed(record);
  const model = new Model(table);
  model.fold();
  return model;
}

export function nameOf(code: number): string {
  return Object.entries(MessageType).find(([, value]) => value === (code & MESSAGE_TYPE))![0];
}

function line({ code, a, b, text }: EventRow): string {
  const whose = (code & MESSAGE_OF_CLIENT) === 0 ? 'server' : 'client';
  return `${whose} ${nameOf(code)} ${a}–${b} ${text}`.trimEnd();
}

function rowsOf(model: Model, list: { values: Uint32Array; length: number }): EventRow[] {
  return Array.from(list.values.subarray(0, list.length), (row) => model.events.row(row));
}

/** Messages of the model's only exchange, and progress of its operation, each once. */
export function messagesOf(model: Model): string[] {
  return [
    ...rowsOf(model, model.exchanges[0]!.messages).map(line),
    ...rowsOf(model, model.operations[0]!.progress).map(({ text }) => `progress ${text}`),
  ];
}

/** Checks what is told of a conversation, seen from both ends and from each, in large pieces and byte by byte. */
export function expectTold(
  conversation: (transcript: Transcript) => Transcript,
  told: (model: Model) => unknown,
  expected: unknown,
): void {
  const all: readonly (readonly End[])[] = [['client', 'server'], ['client'], ['server']];
  for (const ends of all) {
    const { records } = conversation(new Transcript(ends));
    expect(told(modelOf(records)), `seen from ${ends.join(' and ')}`).toEqual(expected);
    expect(told(modelOf(bytewise(records))), `byte by byte from ${ends.join(' and ')}`).toEqual(expected);
  }
}

/** Every message row: that each is told by both layers, each at its own end. */
export function layersOf(model: Model): string[] {
  const lines: string[] = [];
  for (let row = 0; row < model.events.length; row++) {
    const event = model.events.row(row);
    if (event.kind !== Kind.message) continue;
    lines.push(`${(event.code & MESSAGE_RECEIVED) === 0 ? 'sent' : 'received'} ${line(event)}`);
  }
  return lines;
}
