// An engine for host tests: records what was called, answers what it was told to. Must hold no logic of the real one.

import type { Engine, EngineUi } from '../../../electron/engine-types.ts';
import { type CommandName, commands, type Push } from '../../../shared/contract.ts';

export interface FakeEngine {
  readonly engine: Engine;
  /** Commands that arrived, in order. */
  readonly calls: { readonly name: string; readonly args: unknown }[];
  readonly received: { readonly name: string; readonly bytes: Buffer }[];
  /** Results by command; a function is called with the arguments. */
  readonly answers: Partial<Record<CommandName, unknown>>;
  /** Interfaces attached now. */
  readonly uis: Set<EngineUi>;
  push(push: Push): void;
  batch(bytes: Uint8Array): void;
  closed: boolean;
}

export function fakeEngine(): FakeEngine {
  const fake: FakeEngine = {
    engine: null as unknown as Engine,
    calls: [],
    received: [],
    answers: { hello: { recents: [] } },
    uis: new Set(),
    push: (push) => {
      for (const ui of fake.uis) ui.push(push);
    },
    batch: (bytes) => {
      for (const ui of fake.uis) ui.batch(bytes);
    },
    closed: false,
  };
  const call = (name: CommandName) => async (args: unknown) => {
    fake.calls.push({ name, args });
    const answer = fake.answers[name] ?? null;
    return typeof answer === 'function' ? answer(args) : answer;
  };
  const table = Object.fromEntries(
    (Object.keys(commands) as CommandName[]).map((name) => [name, call(name)]),
  );
  const engine: Engine = {
    commands: table as unknown as Engine['commands'],
    attach: (ui) => {
      fake.uis.add(ui);
      return () => fake.uis.delete(ui);
    },
    download: async (as) => ({
      name: `Fünf "Schritte".${as}`,
      type: 'application/x-pcapng',
      body: (async function* () {
        yield Buffer.from('first ');
        yield Buffer.from('second');
      })(),
    }),
    receive: async (name, body) => {
      const parts: Uint8Array[] = [];
      for await (const part of body) parts.push(part);
      fake.received.push({ name, bytes: Buffer.concat(parts) });
      return `/uploads/${name}`;
    },
    close: async () => {
      fake.closed = true;
    },
  };
  return Object.assign(fake, { engine });
}
