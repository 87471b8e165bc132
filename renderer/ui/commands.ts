// Every command of the interface, once: the palette lists them, keys call them, the list of keys explains them.

import { focusFilter } from '../filter/focus.ts';
import type { EngineState, Laboratory } from '../stores/laboratory.ts';
import type { TimelineHandle } from '../timeline/types.ts';
import { composeFrom } from '../compose/compose-from.ts';
import { copyCommandLine } from '../copy/command-line.ts';
import { copyCommands } from '../copy/copy.ts';
import { exportCommands } from '../export/formats.ts';
import { chosenExperiment, runArguments, type Setup } from '../experiments/setup.ts';
import { SERVER_ACTIONS } from '../server/keeper.ts';
import { SECTIONS, TABS } from '../stores/arrangement.ts';
import type { Foldable } from './panels.ts';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: 'Run' | 'Faults' | 'Server' | 'View' | 'Session' | 'Experiments' | 'Recent sessions';
  /** As in {@link matches}: `C`, `Mod+K`; absent: no key. */
  readonly key?: string;
  readonly run: () => void;
}

/** What commands reach beside the laboratory. */
export interface CommandHost {
  readonly laboratory: Laboratory;
  readonly setup: Setup;
  readonly timeline: () => TimelineHandle | null;
  readonly toggleFollow: () => void;
  readonly panels: Record<'rail' | 'inspector' | 'maps', Pick<Foldable, 'toggle' | 'unfold'>>;
  readonly cycleTheme: () => void;
  readonly showPalette: () => void;
  readonly showKeys: () => void;
}

/** Runs the chosen experiment as it is set up; says what is wrong otherwise. */
export function runChosen({ laboratory, setup }: Pick<CommandHost, 'laboratory' | 'setup'>): void {
  const info = chosenExperiment(setup.store.getState(), laboratory.engine.getState().experiments);
  if (info === null) return;
  const args = runArguments(setup.store.getState(), info);
  if (args === null)
    laboratory.notices.tell('error', `A parameter of “${info.title}” is wrong: mend it on the left.`);
  else void laboratory.run({ experiment: info.id, ...args });
}

/** The commands that are always there. */
export function standingCommands(host: CommandHost): Command[] {
  const { laboratory } = host;
  const { playhead } = laboratory;
  return [
    { id: 'run', title: 'Run the chosen experiment', group: 'Run', key: 'R', run: () => runChosen(host) },
    { id: 'stop', title: 'Stop', group: 'Run', run: () => void laboratory.stop() },
    {
      id: 'cut',
      title: 'Cut the connection now',
      group: 'Faults',
      key: 'C',
      run: () => void laboratory.cutNow(),
    },
    {
      id: 'stall',
      title: 'Stall the connection, or resume it',
      group: 'Faults',
      key: 'S',
      run: () => void laboratory.stallOrResume(),
    },
    {
      id: 'arm-cut',
      title: 'Arm a cut at a byte…',
      group: 'Faults',
      key: 'B',
      run: () => laboratory.armory.showCut(),
    },
    {
      id: 'arm-fault',
      title: 'Arm a fault: delay, throttle, fragment…',
      group: 'Faults',
      key: 'A',
      run: () => laboratory.armory.show(true),
    },
    ...SERVER_ACTIONS.map(({ dialog, title }): Command => ({
      id: `server:${dialog.kind}`,
      title,
      group: 'Server',
      run: () => laboratory.keeper.show(dialog),
    })),
    {
      id: 'disarm-all',
      title: 'Take back every armed fault',
      group: 'Faults',
      run: () => void laboratory.disarmAll(),
    },
    {
      id: 'play',
      title: 'Play or pause',
      group: 'View',
      key: 'Space',
      run: () => (playhead.store.getState().playing ? playhead.pause() : playhead.play()),
    },
    { id: 'follow', title: 'Follow the newest event', group: 'View', key: 'F', run: host.toggleFollow },
    { id: 'fit', title: 'Fit the whole session', group: 'View', key: '0', run: () => host.timeline()?.fit() },
    {
      id: 'zoom-selection',
      title: 'Zoom to the selection',
      group: 'View',
      key: 'Z',
      run: () => {
        if (host.timeline()?.zoomToSelection() === false)
          laboratory.notices.tell('info', 'Nothing is selected: click a bar, a mark or a row first.');
      },
    },
    { id: 'zoom-in', title: 'Zoom in', group: 'View', key: '+', run: () => host.timeline()?.zoom(2) },
    { id: 'zoom-out', title: 'Zoom out', group: 'View', key: '-', run: () => host.timeline()?.zoom(0.5) },
    {
      id: 'next',
      title: 'Next event',
      group: 'View',
      key: 'ArrowRight',
      run: () => host.timeline()?.step(1),
    },
    {
      id: 'previous',
      title: 'Previous event',
      group: 'View',
      key: 'ArrowLeft',
      run: () => host.timeline()?.step(-1),
    },
    { id: 'down', title: 'Next row', group: 'View', key: 'ArrowDown', run: () => host.timeline()?.row(1) },
    { id: 'up', title: 'Previous row', group: 'View', key: 'ArrowUp', run: () => host.timeline()?.row(-1) },
    { id: 'filter', title: 'Filter the session', group: 'View', key: '/', run: focusFilter },
    {
      id: 'patch',
      title: 'Patch editor, or back to the timeline',
      group: 'View',
      key: 'P',
      run: () => laboratory.patch.toggle(),
    },
    {
      id: 'compose',
      title: 'Compose a request, or close it',
      group: 'View',
      key: 'N',
      run: () => laboratory.composer.toggle(),
    },
    {
      id: 'compose-send',
      title: 'Send what is composed',
      group: 'Run',
      run: () => {
        laboratory.composer.open();
        void laboratory.composer.send();
      },
    },
    {
      id: 'compose-from',
      title: 'Compose from the selected exchange',
      group: 'View',
      run: () => void composeFrom(laboratory),
    },
    ...arrangementCommands(host),
    { id: 'theme', title: 'Change the theme', group: 'View', run: host.cycleTheme },
    { id: 'new', title: 'New session', group: 'Session', run: () => void laboratory.newSession() },
    {
      id: 'open',
      title: 'Open a session…',
      group: 'Session',
      key: 'Mod+O',
      run: () => void laboratory.open(),
    },
    {
      id: 'note',
      title: 'Note on what is selected, or on this moment',
      group: 'Session',
      key: 'M',
      run: () => laboratory.writer.write(),
    },
    {
      id: 'note-undo',
      title: 'Undo the last change of a note',
      group: 'Session',
      run: () => void laboratory.writer.undo(),
    },
    {
      id: 'again',
      title: 'Send the session again…',
      group: 'Session',
      run: () => void laboratory.desk.ask(),
    },
    {
      id: 'compare',
      title: 'Compare with another session…',
      group: 'Session',
      run: () => laboratory.desk.choose(true),
    },
    {
      id: 'save',
      title: 'Save the session',
      group: 'Session',
      key: 'Mod+S',
      run: () => void laboratory.save(),
    },
    ...exportCommands(laboratory),
    ...copyCommands(laboratory),
    {
      id: 'copy-command-line',
      title: 'Copy the run as a command line',
      group: 'Session',
      run: () => void copyCommandLine(laboratory),
    },
    {
      id: 'settings',
      title: 'Settings…',
      group: 'View',
      key: ',',
      run: () => laboratory.dialogs.show('settings'),
    },
    {
      id: 'tour',
      title: 'Tour: five stops through the five-step example',
      group: 'View',
      run: () => laboratory.tour.begin(),
    },
    { id: 'palette', title: 'Find a command', group: 'View', key: 'Mod+K', run: host.showPalette },
    { id: 'keys', title: 'Show all keys', group: 'View', key: '?', run: host.showKeys },
  ];
}

/** What is shown of the window: the inspector's tabs in their order, and what can be folded. */
function arrangementCommands(host: CommandHost): Command[] {
  const { arrangement } = host.laboratory;
  return [
    ...TABS.map((tab, place): Command => ({
      id: `tab:${tab}`,
      title: `Inspector: ${tab[0]!.toUpperCase()}${tab.slice(1)}`,
      group: 'View',
      key: String(place + 1),
      run: () => {
        arrangement.showTab(tab);
        host.panels.inspector.unfold();
      },
    })),
    {
      id: 'maps',
      title: 'Fold or unfold coverage and progress',
      group: 'View',
      key: 'G',
      run: () => host.panels.maps.toggle(),
    },
    {
      id: 'rail',
      title: 'Hide or show the left rail',
      group: 'View',
      key: 'L',
      run: () => host.panels.rail.toggle(),
    },
    {
      id: 'inspector',
      title: 'Hide or show the inspector',
      group: 'View',
      key: 'I',
      run: () => host.panels.inspector.toggle(),
    },
    ...SECTIONS.map((section): Command => ({
      id: `fold:${section}`,
      title: `Fold or unfold the ${section === 'server' ? 'server’s resources' : section}`,
      group: 'View',
      run: () => arrangement.toggle(section),
    })),
  ];
}

/** Experiments and recent sessions, as the palette offers them beside the standing commands. */
export function offeredCommands(
  host: CommandHost,
  engine: Pick<EngineState, 'experiments' | 'recents'>,
): Command[] {
  const { laboratory, setup } = host;
  return [
    ...engine.experiments.map((info): Command => ({
      id: `experiment:${info.id}`,
      title: `Run “${info.title}”`,
      group: 'Experiments',
      run: () => {
        setup.choose(info.id);
        runChosen(host);
      },
    })),
    ...engine.recents.map((recent): Command => ({
      id: `recent:${recent.path}`,
      title: recent.name,
      group: 'Recent sessions',
      run: () => void laboratory.openPath(recent.path),
    })),
  ];
}

interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Whether a key stroke is that of a command. `Mod` is Command on a Mac and Ctrl elsewhere. */
export function matches(stroke: Stroke, key: string, mac: boolean): boolean {
  const modified = key.startsWith('Mod+');
  const wanted = modified ? key.slice(4) : key;
  const pressed = mac ? stroke.metaKey : stroke.ctrlKey;
  const other = mac ? stroke.ctrlKey : stroke.metaKey;
  if (stroke.altKey || other || pressed !== modified) return false;
  const name = stroke.key === ' ' ? 'Space' : stroke.key === '=' ? '+' : stroke.key;
  return name.toLowerCase() === wanted.toLowerCase();
}

/** `⌘K`, `Ctrl K`, `→`: a key as it is shown. */
export function keyLabel(key: string, mac: boolean): string {
  const arrows: Record<string, string> = {
    ArrowRight: '→',
    ArrowLeft: '←',
    ArrowUp: '↑',
    ArrowDown: '↓',
    '-': '−',
  };
  const bare = key.startsWith('Mod+') ? key.slice(4) : key;
  const shown = arrows[bare] ?? bare;
  return bare === key ? shown : mac ? `⌘${shown}` : `Ctrl ${shown}`;
}
