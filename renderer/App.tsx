// The window: where each panel stands, and what joins them (commands, keys, theme, files dropped in).

import {
  type DragEvent,
  createRef,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useStore } from 'zustand';
import { ExportDialog } from './export/ExportDialog.tsx';
import { Experiments } from './experiments/Experiments.tsx';
import { Inspector } from './inspector/Inspector.tsx';
import { PatchEditor } from './patch/PatchEditor.tsx';
import { RemarkDialog } from './remarks/RemarkDialog.tsx';
import { ServerPanel } from './server/ServerPanel.tsx';
import { CompareDialog } from './sessions/CompareDialog.tsx';
import { Comparison } from './sessions/Comparison.tsx';
import { ReplayDialog } from './sessions/ReplayDialog.tsx';
import { Sessions } from './sessions/Sessions.tsx';
import { SettingsDialog } from './settings/SettingsDialog.tsx';
import { useEngine, useLaboratory, useSetup } from './stores/context.ts';
import type { Theme } from './stores/preferences.ts';
import type { TimelineHandle } from './timeline/types.ts';
import { CommandPalette } from './ui/CommandPalette.tsx';
import { type CommandHost, offeredCommands, standingCommands } from './ui/commands.ts';
import { KeysDialog } from './ui/KeysDialog.tsx';
import { LinkBanner, Notices } from './ui/Notices.tsx';
import { useFoldable, usePanels } from './ui/panels.ts';
import { RailTools } from './ui/RailTools.tsx';
import { useShortcuts } from './ui/shortcuts.ts';
import { StatusBar } from './ui/StatusBar.tsx';
import { useTheme } from './ui/theme.ts';
import { TopBar } from './ui/TopBar.tsx';
import { CENTRE, MAPS_HEIGHT, Workspace } from './workspace/Workspace.tsx';
import './ui/shell.css';

const NEXT_THEME: Record<Theme, Theme> = { system: 'dark', dark: 'light', light: 'system' };

/** Pixels of the inspector at the start: about a quarter of the window. */
function inspectorWidth(window: number): number {
  return Math.round(Math.min(560, Math.max(288, window * 0.26)));
}

/** Pixels of the left rail at the start. */
function railWidth(window: number): number {
  return Math.round(Math.min(300, Math.max(196, window * 0.18)));
}

const RAIL = ['rail', 'stage'];
const PANES = ['workspace', 'inspector'];

export function App() {
  const laboratory = useLaboratory();
  const setup = useSetup();
  const { preferences, api } = laboratory;
  const mac = api.platform === 'darwin';
  const theme = useTheme(useStore(preferences.store));
  const lost = useEngine((state) => state.link === 'lost');
  const experiments = useEngine((state) => state.experiments);
  const isPatching = useStore(laboratory.patch.store, (state) => state.isOpen);
  const isComparing = useStore(laboratory.desk.store, (state) => state.shown !== null);
  const recents = useEngine((state) => state.recents);
  const [timeline] = useState(() => createRef<TimelineHandle>());
  const [following, setFollowing] = useState(() => preferences.store.getState().follow);
  const [palette, setPalette] = useState(false);
  const [keys, setKeys] = useState(false);
  const [isDragged, setDragged] = useState(false);
  const across = usePanels('window', RAIL);
  const panes = usePanels('stage', PANES);
  const rail = useFoldable('window', railWidth(window.innerWidth));
  const inspector = useFoldable('stage', inspectorWidth(window.innerWidth));
  const maps = useFoldable(CENTRE, MAPS_HEIGHT);
  const [hidden, setHidden] = useState({ rail: false, inspector: false });
  // What is hidden is out of reach of the keys, too.
  const hide = (side: keyof typeof hidden, isHidden: boolean): void =>
    setHidden((before) => (before[side] === isHidden ? before : { ...before, [side]: isHidden }));
  const toggleFollow = useCallback(() => timeline.current?.follow(!following), [timeline, following]);

  const commands = useMemo(() => {
    const host: CommandHost = {
      laboratory,
      setup,
      timeline: () => timeline.current,
      toggleFollow,
      panels: { rail, inspector, maps },
      cycleTheme: () => preferences.set({ theme: NEXT_THEME[preferences.store.getState().theme] }),
      showPalette: () => setPalette(true),
      showKeys: () => setKeys(true),
    };
    return [...standingCommands(host), ...offeredCommands(host, { experiments, recents })];
  }, [laboratory, setup, preferences, timeline, toggleFollow, rail, inspector, maps, experiments, recents]);
  const call = (id: string): void => commands.find((command) => command.id === id)?.run();
  useShortcuts(commands, mac);

  const latest = useRef(call);
  useLayoutEffect(() => {
    latest.current = call;
  });
  useEffect(() => laboratory.start((action) => latest.current(action)), [laboratory]);

  const drag = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setDragged(true);
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) setDragged(false);
  };
  const drop = (event: DragEvent): void => {
    setDragged(false);
    // The composer took it.
    if (event.isDefaultPrevented()) return;
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file !== undefined) void laboratory.openFile(file);
  };

  return (
    <div className="app" onDragOver={drag} onDragLeave={leave} onDrop={drop}>
      <TopBar
        commands={commands}
        onPalette={() => setPalette(true)}
        onKeys={() => setKeys(true)}
        onTheme={() => call('theme')}
      />
      <LinkBanner lost={lost} />
      <main className="body">
        <Group className="panes" orientation="horizontal" groupRef={rail.groupRef} {...across}>
          <Panel
            id="rail"
            className="pane"
            panelRef={rail.panelRef}
            collapsible
            inert={hidden.rail}
            onResize={({ inPixels }) => hide('rail', inPixels < 1)}
            minSize={168}
            maxSize={420}
            defaultSize={railWidth(window.innerWidth)}
            groupResizeBehavior="preserve-pixel-size"
          >
            <div className="rail">
              <RailTools />
              <Experiments />
              <ServerPanel />
              <Sessions />
            </div>
          </Panel>
          <Separator className="separator" aria-label="Width of the left rail" />
          <Panel id="stage" className="pane" minSize="50%">
            <div className="stage">
              <Group
                className="panes"
                orientation="horizontal"
                inert={isPatching || isComparing}
                groupRef={inspector.groupRef}
                {...panes}
              >
                <Panel id="workspace" className="pane" minSize={420}>
                  <Workspace
                    timeline={timeline}
                    theme={theme}
                    following={following}
                    onFollow={setFollowing}
                    onFit={() => call('fit')}
                    toggleFollow={toggleFollow}
                    maps={maps}
                  />
                </Panel>
                <Separator className="separator" aria-label="Width of the inspector" />
                <Panel
                  id="inspector"
                  className="pane"
                  panelRef={inspector.panelRef}
                  collapsible
                  inert={hidden.inspector}
                  onResize={({ inPixels }) => hide('inspector', inPixels < 1)}
                  minSize={256}
                  maxSize="60%"
                  defaultSize={inspectorWidth(window.innerWidth)}
                  groupResizeBehavior="preserve-pixel-size"
                >
                  <Inspector />
                </Panel>
              </Group>
              {isPatching ? <PatchEditor theme={theme} /> : null}
              {isComparing ? <Comparison /> : null}
            </div>
          </Panel>
        </Group>
      </main>
      <StatusBar />
      <Notices />
      {isDragged ? <div className="drop-here">Drop a session to open it</div> : null}
      <CommandPalette commands={commands} mac={mac} isOpen={palette} onOpenChange={setPalette} />
      <ExportDialog />
      <CompareDialog />
      <ReplayDialog />
      <RemarkDialog mac={mac} />
      <SettingsDialog />
      <KeysDialog commands={commands} mac={mac} isOpen={keys} onOpenChange={setKeys} />
    </div>
  );
}
