// What a model tells, in the few words that tests compare, and messages to make records of.

import type { CaptureRecord } from '../../../shared/capture/records.ts';
import { Deriver } from '../../../shared/model/derive.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { resumesOf } from '../../../shared/model/report.ts';
import { type Sentence, Storyteller } from '../../../shared/model/story.ts';
import type { Transcript } from './transcript.ts';

export function modelOf(records: readonly CaptureRecord[]): Model {
  const table = new EventTable();
  const deriver = new Deriver(table);
  for (const record of records) deriver.feed(record);
  const model = new Model(table);
  model.fold();
  return model;
}

/** The operations: their requests with their answers, how often each was resumed, and how it stands. */
export function shapeOf(model: Model): unknown {
  return model.operations.map((operation) => ({
    requests: Array.from(
      operation.exchanges.values.subarray(0, operation.exchanges.length),
      (id) => `${model.exchanges[id]!.method} ${model.exchanges[id]!.status ?? 'cut'}`,
    ),
    resumes: resumesOf(operation),
    state: model.operationState(operation)?.state,
  }));
}

/** The story of one operation up to `time` (nanoseconds; Infinity: all of it). */
export function storyOf(model: Model, operation: number, time = Infinity): Sentence[] {
  const teller = new Storyteller(model, operation);
  teller.fold();
  return teller.sentences.filter((sentence) => sentence.at <= time);
}

export function told(model: Model, operation = 0): string[] {
  return storyOf(model, operation).map(({ parts }) => parts.map(({ text }) => text).join(''));
}

export function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}

export function sized(content: string, ...lines: string[]): string {
  return `${head(...lines, `Content-Length: ${content.length}`)}${content}`;
}

/** A reset in the middle, and another connection. */
export function cut(transcript: Transcript): Transcript {
  return transcript.close('server', 'rst', 'fault').close('client', 'rst', 'server').open();
}
