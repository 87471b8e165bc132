// Notes that people write: what may stand in one, and that a file of our own or of another program keeps them.

import { describe, expect, it } from 'vitest';
import { customBlock, sectionBlock } from '../../../shared/capture/custom-block.ts';
import type { RemarkRecord } from '../../../shared/capture/records.ts';
import { LONGEST_REMARK, remarkFault } from '../../../shared/capture/remark.ts';
import { concat, decode, encode, listSink } from './session-bytes.ts';
import { createRecorder } from '../../../electron/session/recorder.ts';

describe('the text of a note', () => {
  it.each([
    ['words of any script, signs and lines', 'Ça va?\n\tنعم – 👍'],
    ['as much as fits', 'x'.repeat(LONGEST_REMARK)],
  ])('may be %s', (_, text) => {
    expect(remarkFault(text)).toBeNull();
  });

  it.each([
    [
      'more than fits',
      'x'.repeat(LONGEST_REMARK + 1),
      'A note has 4,000 characters at most; this one has 4,001.',
    ],
    [
      'a control character',
      'one\u0007two',
      'A note is plain text: take out the control character U+0007 at position 4.',
    ],
    [
      'half of a character',
      'x\ud83d',
      'A note is plain text: take out the control character U+D83D at position 2.',
    ],
  ])('may not be %s, which it says', (_, text, fault) => {
    expect(remarkFault(text)).toBe(fault);
  });
});

const REMARK: RemarkRecord = {
  kind: 'remark',
  time: 5_000_000,
  connection: 1,
  id: 1,
  beside: { event: 'exchange', time: 2_000_000, position: 0 },
  text: 'Why does it ask again?',
};

function session(): Uint8Array {
  const sink = listSink();
  let time = 0;
  const recorder = createRecorder({
    sink,
    header: { startedAt: 1_794_000_000_000_000_000n, application: 'test' },
    now: () => (time += 1_000_000),
  });
  const at = (port: number) => ({ address: '127.0.0.1', port });
  recorder.opened('client', at(4000), at(80));
  recorder.sent(1, 'client', new TextEncoder().encode('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
  return encode(sink.list);
}

describe('a note that is added to a file', () => {
  it('is read behind all that was recorded', () => {
    const { records, decoder } = decode(concat([session(), customBlock(REMARK)]), 1000);
    expect(records.at(-1)).toEqual(REMARK);
    expect(records).toHaveLength(3);
    expect([decoder.damage, decoder.foreign]).toEqual([null, false]);
  });

  it("is read behind another program's capture, which stays what it is", () => {
    const foreign = session();
    const names = Buffer.from(foreign.buffer, foreign.byteOffset, foreign.length);
    for (let at = names.indexOf('interim-'); at !== -1; at = names.indexOf('interim-'))
      names.write('another-', at);
    const alone = decode(foreign, 1000);
    const { records, decoder } = decode(concat([foreign, sectionBlock(), customBlock(REMARK)]), 1000);
    expect(decoder.foreign).toBe(true);
    expect(decoder.damage).toBeNull();
    expect(records.slice(0, -1)).toEqual(alone.records);
    expect(records.at(-1)).toMatchObject({ kind: 'remark', text: REMARK.text, beside: REMARK.beside });
  });

  it.each([
    ['a text that is too long', { text: 'x'.repeat(LONGEST_REMARK + 1) }],
    ['a control character', { text: 'a\u0000b' }],
    ['no number', { id: 0 }],
  ])('is not believed with %s', (_, change) => {
    const { records } = decode(concat([session(), customBlock({ ...REMARK, ...change })]), 1000);
    expect(records.map(({ kind }) => kind)).toEqual(['opened', 'sent']);
  });
});
