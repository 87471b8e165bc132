import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../electron/wire/clock.ts';
import { Heartbeat } from '../../../electron/wire/heartbeat.ts';

function beating(): { log: string[]; heartbeat: Heartbeat; clock: ReturnType<typeof createManualClock> } {
  const clock = createManualClock();
  const log: string[] = [];
  const heartbeat = new Heartbeat({
    clock,
    every: 100,
    most: 3,
    ping: () => void log.push(`ping ${clock.now()}`),
    lost: () => void log.push(`lost ${clock.now()}`),
  });
  return { log, heartbeat, clock };
}

describe('a heartbeat', () => {
  it('pings, and gives a peer up that says nothing to so many pings', () => {
    const { log, clock } = beating();
    clock.advance(1000);
    expect(log).toEqual(['ping 100', 'ping 200', 'ping 300', 'lost 400']);
    expect(clock.pending).toBe(0);
  });

  it('goes on as long as the peer says anything in between', () => {
    const { log, heartbeat, clock } = beating();
    for (let round = 0; round < 4; round++) {
      clock.advance(300);
      heartbeat.heard();
    }
    expect(log).toHaveLength(12);
    clock.advance(400);
    expect(log.at(-1)).toBe('lost 1600');
  });

  it('does nothing once it is stopped', () => {
    const { log, heartbeat, clock } = beating();
    clock.advance(100);
    heartbeat.stop();
    clock.advance(1000);
    expect(log).toEqual(['ping 100']);
    expect(clock.pending).toBe(0);
  });
});
