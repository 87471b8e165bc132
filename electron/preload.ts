// What the page can reach of the app: one method for each command, nothing that takes a channel's name. Runs sandboxed,
// so it requires only `electron`; must never hand an event or anything else of Electron to the page.

import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { CommandName, EngineCommands, Push } from '../shared/contract.ts';

/** The main process answers with one of the two, since a rejected call would wrap the sentence in words of its own. */
type Answer = { readonly result: unknown } | { readonly error: string };

function command<N extends CommandName>(name: N): EngineCommands[N] {
  const call = async (args: unknown): Promise<unknown> => {
    const answer = (await ipcRenderer.invoke(`interim:${name}`, args)) as Answer;
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  };
  return call as EngineCommands[N];
}

const commands: EngineCommands = {
  hello: command('hello'),
  run: command('run'),
  send: command('send'),
  sendRaw: command('sendRaw'),
  sendBatch: command('sendBatch'),
  stop: command('stop'),
  cut: command('cut'),
  stall: command('stall'),
  resume: command('resume'),
  arm: command('arm'),
  disturb: command('disturb'),
  disarm: command('disarm'),
  pace: command('pace'),
  keep: command('keep'),
  serverSettings: command('serverSettings'),
  serverRestart: command('serverRestart'),
  serverCreate: command('serverCreate'),
  serverDelete: command('serverDelete'),
  newSession: command('newSession'),
  openSession: command('openSession'),
  replay: command('replay'),
  replayPreview: command('replayPreview'),
  compare: command('compare'),
  comparedRow: command('comparedRow'),
  remark: command('remark'),
  saveSession: command('saveSession'),
  exportSession: command('exportSession'),
  bytes: command('bytes'),
  taken: command('taken'),
};

contextBridge.exposeInMainWorld('interim', {
  kind: 'desktop',
  platform: process.platform,
  ...commands,
  onPush: (callback: (push: Push) => void): void => {
    ipcRenderer.on('interim:push', (_event, push: Push) => callback(push));
  },
  onBatch: (callback: (bytes: Uint8Array) => void): void => {
    ipcRenderer.on('interim:batch', (_event, bytes: Uint8Array) => callback(bytes));
  },
  /** Only a file that the user dropped or chose has a path; the main process hears of it, so that it may be opened. */
  pathOf: (file: File): string => {
    const path = webUtils.getPathForFile(file);
    if (path !== '') ipcRenderer.send('interim:chosen', path);
    return path;
  },
});
