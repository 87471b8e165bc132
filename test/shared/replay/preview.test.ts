// What is told of a session before it is sent again: counted from its plan, nothing else.

import { describe, expect, it } from 'vitest';
import { ReplayPlanner } from '../../../shared/replay/plan.ts';
import { previewOf, replayPreview } from '../../../shared/replay/preview.ts';
import { head, modelOf, sized } from '../model/told.ts';
import { Transcript } from '../model/transcript.ts';

function preview(transcript: Transcript, needsTarget = false) {
  const model = modelOf(transcript.records);
  const planner = new ReplayPlanner();
  for (const record of transcript.records) planner.feed(record);
  return replayPreview.parse(previewOf(planner.plan(model), model, needsTarget));
}

describe('what sending again will do', () => {
  it('counts requests, connections, bytes and faults, and names the servers', () => {
    const request = head('GET /a HTTP/1.1', 'Host: a');
    const transcript = new Transcript(['client'])
      .open()
      .send('client', request)
      .send('server', sized('done', 'HTTP/1.1 200 OK'))
      .send('client', request)
      .cut('client', request.length * 2);
    expect(preview(transcript)).toEqual({
      requests: 2,
      connections: 1,
      bytes: request.length * 2,
      servers: [{ authority: '127.0.0.1:18080', secure: false, embedded: false, connections: 1 }],
      cuts: 1,
      disturbances: 0,
      needsTarget: false,
      leftOut: [],
      refusal: null,
    });
  });

  it('says what cannot be sent, or only in part', () => {
    const transcript = new Transcript()
      .open()
      .send('client', head('POST /a HTTP/1.1', 'Host: a', 'Content-Length: 100') + 'x'.repeat(10))
      .close('client', 'rst', 'fault')
      .close('server', 'rst', 'client')
      .open();
    const { leftOut, servers, needsTarget } = preview(transcript, true);
    expect(leftOut).toEqual([
      '1 connection on which no client sent anything: not opened again.',
      '1 request that was cut short: sent as far as it went, since the rest was never recorded.',
    ]);
    expect(servers).toMatchObject([{ embedded: true, connections: 1 }]);
    expect(needsTarget).toBe(true);
  });
});
