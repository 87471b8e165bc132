import { describe, expect, it } from 'vitest';
import { createServerKeeper } from '../../../renderer/server/keeper.ts';
import {
  draftOf,
  readSettings,
  SETTING_FIGURES,
  type SettingsDraft,
} from '../../../renderer/server/settings.ts';
import { commands, type ServerSettings } from '../../../shared/contract.ts';

const SETTINGS: ServerSettings = {
  interimLimit: 10,
  incompleteStatus: 299,
  transaction: 'by-method',
  acknowledgeBytes: 65_536,
  stepMilliseconds: 400,
  silenceMilliseconds: 10_000,
};

function keeper(refusal: string | null = null) {
  const asked: unknown[] = [];
  const said: string[] = [];
  const command =
    <R>(name: string, result: R) =>
    async (args: unknown): Promise<R> => {
      asked.push([name, args]);
      if (refusal !== null) throw new Error(refusal);
      return result;
    };
  const made = createServerKeeper({
    commands: {
      serverCreate: command('create', { path: '/uploads/a' }),
      serverDelete: command('delete', null),
      serverRestart: command('restart', 'The server was restarted. There was nothing on it.'),
      serverSettings: command('settings', null),
    },
    say: (sentence) => said.push(sentence),
  });
  return { made, asked, said };
}

describe('what the user does to the server', () => {
  it('makes a file of text in any language, closes its dialog, and says so', async () => {
    const { made, asked, said } = keeper();
    made.show({ kind: 'file' });
    await made.createFile('a', 'für 食');
    expect(asked).toEqual([
      ['create', { kind: 'file', name: 'a', content: Buffer.from('für 食').toString('base64') }],
    ]);
    expect(said).toEqual(['/uploads/a was made.']);
    expect(made.store.getState()).toEqual({ dialog: null, isBusy: false, problem: null });
  });

  it('says in the dialog, which stays open, what was refused', async () => {
    const { made, said } = keeper('The server answered DELETE /a with 404: There is no such file.');
    made.show({ kind: 'delete', path: '/a' });
    await made.remove('/a');
    expect(made.store.getState()).toMatchObject({
      dialog: { kind: 'delete', path: '/a' },
      problem: expect.stringMatching(/404/),
    });
    expect(said).toEqual([]);
    made.show({ kind: 'job' });
    expect(made.store.getState().problem).toBeNull();
  });

  it('does one thing at a time', async () => {
    const { made, asked } = keeper();
    await Promise.all([made.restart(), made.restart(), made.set(SETTINGS)]);
    expect(asked).toEqual([['restart', {}]]);
  });
});

describe('the form of the settings', () => {
  it('says what it was filled with', () => {
    expect(readSettings(draftOf(SETTINGS))).toEqual(SETTINGS);
  });

  it.each(SETTING_FIGURES)('$name is within its bounds exactly where the engine takes it', (figure) => {
    const { name, least, most } = figure;
    const draft = draftOf(SETTINGS);
    const typed = (value: number): SettingsDraft => ({
      ...draft,
      figures: { ...draft.figures, [name]: String(value) },
    });
    for (const value of [least, most])
      expect(commands.serverSettings.args.safeParse(readSettings(typed(value))).success).toBe(true);
    for (const value of [least - 1, most + 1]) {
      expect(readSettings(typed(value))).toBeNull();
      expect(commands.serverSettings.args.safeParse({ ...SETTINGS, [name]: value }).success).toBe(false);
    }
  });
});
