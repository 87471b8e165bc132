import { describe, expect, it } from 'vitest';
import { barLines, eventLines, operationWords, rowWords } from '../../../renderer/timeline/describe.ts';
import { rgb } from '../../../renderer/timeline/palette.ts';
import { Kind } from '../../../shared/model/events.ts';
import { BarKind, type Model } from '../../../shared/model/model.ts';
import { storyModel } from '../story-fixture.ts';

const model = storyModel();

/** The lines of the first event of a kind that `code` fits. */
function lines(of: Model, kind: Kind, code?: number): readonly string[] {
  const { columns, length } = of.events;
  for (let event = 0; event < length; event++)
    if (columns.kind[event] === kind && (code === undefined || columns.code[event] === code))
      return eventLines(of, event);
  throw new Error(`the story has no event of kind ${kind}`);
}

describe('the words of the timeline', () => {
  it('name what a connection carried, the end of its target first', () => {
    expect(rowWords(model, 1, 0, 20)).toBe('POST /capture');
    expect(rowWords(model, 2, 0, 20)).toBe('HEAD, PATCH …f3a.req');
    expect(rowWords(model, 9, 0, 20)).toBe('');
  });

  it('sum up an operation as of a time', () => {
    const operation = model.operations[0]!;
    expect(operationWords(model, operation, Infinity)).toBe(
      '3 connections · 5 exchanges · resumed twice · completed',
    );
    expect(operationWords(model, operation, 2e9)).toBe('3 connections · 5 exchanges · resumed once');
  });

  it('tell a bar in full, and no more than was known then', () => {
    const bar = model.exchanges[0]!.bars[BarKind.requestSent]!;
    expect(barLines(model, bar, Infinity)).toEqual([
      'Request, sent by the client',
      'POST /capture',
      '0.104 s – 1.300 s (1.2 s)',
      'stream bytes 0 – 300,320',
      '300,000 bytes of content',
    ]);
    expect(barLines(model, bar, 0.1578e9).at(-1)).toBe('stream bytes 0 – 320');
  });

  it('tell a fault with who, which end, which byte', () => {
    expect(lines(model, Kind.fault)).toEqual([
      'RST by you',
      'at the client, bytes going out',
      'byte 300,320 of the request stream, 1.302 s',
      'byte 300,000 of the representation',
    ]);
  });

  it('tell responses, ends and notes', () => {
    expect(lines(model, Kind.interimReceived, 102)[0]).toBe('102 0/3');
    expect(lines(model, Kind.finalReceived, 299)[0]).toBe('299 Incomplete Content');
    expect(lines(model, Kind.connectionClosed, 3)[0]).toBe('given up');
    expect(lines(model, Kind.note)).toEqual([
      'Progress location brackets',
      'server · RFC 9110 §10.2.2',
      '3.420 s',
    ]);
  });
});

describe('colours', () => {
  it.each([
    ['#0f1216', [15, 18, 22]],
    ['#fff', [255, 255, 255]],
    ['rgb(1, 2, 3)', [1, 2, 3]],
    ['', [0, 0, 0]],
  ])('%s is read as %s', (colour, parts) => {
    expect(rgb(colour)).toEqual(parts);
  });
});
