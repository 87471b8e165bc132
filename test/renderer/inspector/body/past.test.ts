// A message as it was at an earlier time.

import { describe, expect, test } from 'vitest';
import { partAt } from '../../../../renderer/inspector/body/past.ts';
import { partsOf } from '../../../../renderer/inspector/message.ts';
import { head, modelOf } from '../../../shared/model/told.ts';
import { Transcript } from '../../../shared/model/transcript.ts';

const MS = 1e6;
const HEAD = head('PUT /a HTTP/1.1', 'Host: a', 'Content-Length: 10');

/** A request in three pieces, of which the server reads the last only in part. */
const told = new Transcript()
  .open()
  .send('client', `${HEAD}123`)
  .send('client', '456')
  .send('client', '7890', 2)
  .close('server', 'rst', 'fault')
  .close('client', 'rst', 'server');
const model = modelOf(told.records);
const exchange = model.exchanges[0]!;
const part = partsOf(model, exchange, Infinity)[0]!;
/** When each piece was sent. */
const sentAt = told.records.filter(({ kind }) => kind === 'sent').map(({ time }) => time);

describe('a request that was cut', () => {
  test.each([
    ['when its first piece was sent', sentAt[0]!, 3, false],
    ['just before the second', sentAt[1]! - MS / 2, 3, false],
    ['when the second was sent', sentAt[1]!, 6, false],
    ['after the cut', Infinity, 10, true],
  ])('%s', (_, time, content, over) => {
    const found = partAt(model, exchange, part, time);
    expect(found.part.end - HEAD.length).toBe(content);
    expect(found.over).toBe(over);
  });
});
